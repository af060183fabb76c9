import { ApiFault, type Call, type Input, stringOf } from '../../service';
import { describedTask } from '../describe-task';
import { activeDefinitionIn, clusterIn } from '../lookup';
import type { Moment } from '../moment';
import { ecsArn, lastPart, taskArn } from '../names';
import { newTask } from '../new-task';
import { place } from '../placement';
import { clusterName, passRoles } from '../questions';
import type { ClusterState, TaskState } from '../state';
import { findDefinition } from '../task-definitions';
import type { MomentOf } from './operation';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const RUN_AT_ONCE = 10;

/** What of a run is modelled. */
export const RUN = [
  'cluster',
  'taskDefinition',
  'count',
  'startedBy',
  'launchType',
  'capacityProviderStrategy',
  'networkConfiguration',
  'clientToken',
] as const;

/** Authorised on the revision, and on passing the roles that its definition names. */
export const askToRun = (moment: MomentOf) => (input: Input, call: Call) => {
  const definition = findDefinition(moment(call).state, call, stringOf(input, 'taskDefinition'));
  return [
    {
      action: 'ecs:RunTask',
      resource:
        definition?.arn ?? ecsArn(call, `task-definition/${lastPart(stringOf(input, 'taskDefinition'))}`),
      context: { 'ecs:cluster': ecsArn(call, `cluster/${clusterName(input)}`) },
    },
    ...passRoles([definition?.content.taskRoleArn, definition?.content.executionRoleArn]),
  ];
};

/** Runs tasks that belong to no service. One for which there is no place waits, where a capacity provider can make one. */
export function runTask(moment: Moment, input: Input, call: Call): object {
  const cluster = clusterIn(moment, input, call);
  const count = Number(input.count ?? 1);
  if (count < 1 || count > RUN_AT_ONCE) {
    throw new ApiFault('InvalidParameterException', `count: 1 to ${RUN_AT_ONCE}`);
  }
  if (input.launchType !== undefined && input.capacityProviderStrategy !== undefined) {
    throw new ApiFault(
      'InvalidParameterException',
      'Specifying both a launch type and capacity provider strategy is not supported.',
    );
  }
  const before = ranBefore(moment, cluster, input);
  if (before.length > 0) return { tasks: before.map((task) => describedTask(moment, task)), failures: [] };
  const definition = activeDefinitionIn(moment, call, stringOf(input, 'taskDefinition'));
  const startedBy = typeof input.startedBy === 'string' ? input.startedBy : '';
  const provider = providerOf(moment, cluster, input);
  const tasks: TaskState[] = [];
  const failures: object[] = [];
  for (let index = 0; index < count; index += 1) {
    const task = newTask(moment, cluster, definition, startedBy, {
      ...(provider === undefined ? {} : { provider }),
      ...repeatable(input),
    });
    if (place(moment, task) || provider !== undefined) {
      tasks.push(task);
      moment.state.tasks.push(task);
    } else failures.push({ reason: 'RESOURCE:GPU' });
  }
  return { tasks: tasks.map((task) => describedTask(moment, task)), failures };
}

const requestOf = (input: Input): string =>
  JSON.stringify(RUN.filter((name) => name !== 'clientToken').map((name) => input[name] ?? null));

const repeatable = (input: Input): Pick<TaskState, 'run'> =>
  input.clientToken === undefined
    ? {}
    : { run: { clientToken: stringOf(input, 'clientToken'), request: requestOf(input) } };

/**
 * Tasks that an earlier call with the same token ran.
 *
 * @throws ApiFault `ConflictException` when that call asked for something else
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
function ranBefore({ state }: Moment, cluster: ClusterState, input: Input): readonly TaskState[] {
  const { clientToken } = input;
  if (clientToken === undefined) return [];
  const found = state.tasks.filter(
    (task) => task.cluster === cluster.arn && task.run?.clientToken === clientToken,
  );
  if (found.every(({ run }) => run?.request === requestOf(input))) return found;
  const resourceIds = found.map(taskArn);
  throw new ApiFault('ConflictException', 'The client token is already in use.', 400, [], { resourceIds });
}

/**
 * A launch type rules capacity providers out; without either, the cluster's default strategy counts.
 *
 * @throws ApiFault `InvalidParameterException` for a provider that the cluster does not have
 */
function providerOf({ state }: Moment, cluster: ClusterState, input: Input): string | undefined {
  if (input.launchType === 'FARGATE') return 'FARGATE';
  if (input.launchType !== undefined) return undefined;
  const [first] = (input.capacityProviderStrategy ?? []) as readonly { readonly capacityProvider?: string }[];
  if (first?.capacityProvider === undefined) return cluster.defaultProvider;
  const named = first.capacityProvider;
  const found =
    state.capacityProviders.find(({ name, account, region }) => {
      return name === lastPart(named) && account === cluster.account && region === cluster.region;
    })?.arn ?? named;
  if (cluster.capacityProviders.includes(found)) return found;
  throw new ApiFault(
    'InvalidParameterException',
    `The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster: ${named}.`,
  );
}
