import { ApiFault, limited, page, stringOf } from '../../service';
import { describedTask } from '../describe-task';
import { clusterIn } from '../lookup';
import type { Moment } from '../moment';
import { ecsArn, lastPart, taskArn } from '../names';
import { onInstancesOfCluster, onMembers } from '../questions';
import type { ClusterState, TaskState } from '../state';
import { stopTask } from '../stopping';
import { type MomentOf, operations, PAGED } from './operation';
import { askToRun, RUN, runTask } from './run-task';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const DESCRIBED_AT_ONCE = 100;
const LIST_PAGE = 100;

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
