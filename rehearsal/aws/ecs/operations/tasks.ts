import { ApiFault, type Call, type Input, limited, page, stringOf } from '../../service';
import { describedTask } from '../describe-task';
import { activeDefinitionIn, clusterIn } from '../lookup';
import type { Moment } from '../moment';
import { ecsArn, lastPart, taskArn } from '../names';
import { newTask } from '../new-task';
import { place } from '../placement';
import { clusterName, onInstancesOfCluster, onMembers, passRoles } from '../questions';
import type { ClusterState, TaskState } from '../state';
import { stopTask } from '../stopping';
import { findDefinition } from '../task-definitions';
import { type MomentOf, operations, PAGED } from './operation';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const DESCRIBED_AT_ONCE = 100;
const LIST_PAGE = 100;
/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const RUN_AT_ONCE = 10;
/** What of a run is modelled. */
const RUN = [
  'cluster',
  'taskDefinition',
  'count',
  'startedBy',
  'launchType',
  'capacityProviderStrategy',
  'networkConfiguration',
  'clientToken',
];

export const taskOperations = (moment: MomentOf) =>
  operations(moment, {
    ListTasks: {
      ask: onInstancesOfCluster('ecs:ListTasks'),
      members: ['cluster', 'serviceName', 'family', 'startedBy', 'desiredStatus', ...PAGED],
      handle: (now, input, call) => {
        const cluster = clusterIn(now, input, call);
        const { serviceName, family, startedBy, desiredStatus = 'RUNNING' } = input;
        const matching = now.state.tasks.filter(
          (task) =>
            task.cluster === cluster.arn &&
            task.desired === desiredStatus &&
            (typeof serviceName !== 'string' || lastPart(task.service ?? '') === lastPart(serviceName)) &&
            (typeof family !== 'string' || lastPart(task.definition).startsWith(`${family}:`)) &&
            (typeof startedBy !== 'string' || task.startedBy === startedBy),
        );
        const { items, ...token } = page(input, matching, LIST_PAGE);
        return { ...token, taskArns: items.map(taskArn) };
      },
    },
    DescribeTasks: {
      ask: onMembers('ecs:DescribeTasks', 'tasks', 'task'),
      members: ['cluster', 'tasks'],
      handle: (now, input, call) => {
        const cluster = clusterIn(now, input, call);
        const ids = limited(input, 'tasks', DESCRIBED_AT_ONCE).map(lastPart);
        const found = ids.map((id) => ({ id, task: findTask(now, cluster, id) }));
        return {
          tasks: found.flatMap(({ task }) => (task ? [describedTask(now, task)] : [])),
          failures: found
            .filter(({ task }) => !task)
            .map(({ id }) => ({ arn: ecsArn(call, `task/${cluster.name}/${id}`), reason: 'MISSING' })),
        };
      },
    },
    RunTask: { ask: askToRun(moment), members: RUN, handle: runTask },
    StopTask: {
      ask: onMembers('ecs:StopTask', 'task', 'task'),
      members: ['cluster', 'task', 'reason'],
      handle: (now, input, call) => {
        const task = findTask(now, clusterIn(now, input, call), lastPart(stringOf(input, 'task')));
        if (!task) throw new ApiFault('InvalidParameterException', 'The referenced task was not found.');
        const reason = typeof input.reason === 'string' ? input.reason : 'Task stopped by user';
        if (task.desired === 'RUNNING') stopTask(now, task, { stopCode: 'UserInitiated', reason });
        return { task: describedTask(now, task) };
      },
    },
  });

const findTask = ({ state }: Moment, cluster: ClusterState, id: string): TaskState | undefined =>
  state.tasks.find((task) => task.cluster === cluster.arn && task.id === id);

/** Authorised on the revision, and on passing the roles that its definition names. */
const askToRun = (moment: MomentOf) => (input: Input, call: Call) => {
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

function runTask(moment: Moment, input: Input, call: Call): object {
  const cluster = clusterIn(moment, input, call);
  const definition = activeDefinitionIn(moment, call, stringOf(input, 'taskDefinition'));
  const count = Number(input.count ?? 1);
  if (count < 1 || count > RUN_AT_ONCE) {
    throw new ApiFault('InvalidParameterException', `count: 1 to ${RUN_AT_ONCE}`);
  }
  const startedBy = typeof input.startedBy === 'string' ? input.startedBy : '';
  const provider = providerOf(moment, cluster, input);
  const tasks: TaskState[] = [];
  const failures: object[] = [];
  for (let index = 0; index < count; index += 1) {
    const task = newTask(moment, cluster, definition, startedBy, provider === undefined ? {} : { provider });
    if (place(moment, task) || provider !== undefined) {
      tasks.push(task);
      moment.state.tasks.push(task);
    } else failures.push({ reason: 'RESOURCE:GPU' });
  }
  return { tasks: tasks.map((task) => describedTask(moment, task)), failures };
}

/** A launch type rules capacity providers out; without either, the cluster's default strategy counts. */
function providerOf({ state }: Moment, cluster: ClusterState, input: Input): string | undefined {
  if (input.launchType === 'FARGATE') return 'FARGATE';
  if (input.launchType !== undefined) return undefined;
  const [first] = (input.capacityProviderStrategy ?? []) as readonly { readonly capacityProvider?: string }[];
  if (first?.capacityProvider === undefined) return cluster.defaultProvider;
  const named = first.capacityProvider;
  return (
    state.capacityProviders.find(({ name, account, region }) => {
      return name === lastPart(named) && account === cluster.account && region === cluster.region;
    })?.arn ?? named
  );
}
