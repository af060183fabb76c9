import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { DeployContext, LogLine, LogsRequest } from '../../../contract';
import { awsErrorName, batched, callAws, newestLines, paged } from '../../aws-client';
import type { EcsServiceSpec } from '../spec';

/**
 * Most ARNs that one call for tasks or container instances takes.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
 */
const DESCRIBED_AT_ONCE = 100;
const LIST_PAGE = 100;

/** The calls about tasks, the instances that they run on, and the lines that they logged. */
export class TaskCalls {
  constructor(
    private readonly ecs: ECSClient,
    private readonly logs: CloudWatchLogsClient,
    private readonly spec: EcsServiceSpec,
  ) {}

  /**
   * Tasks of the service by *desired* status: `STOPPED` also gives tasks that are still stopping.
   * ECS forgets stopped tasks after about an hour.
   */
  async tasks(desiredStatus: 'RUNNING' | 'STOPPED'): Promise<readonly Task[]> {
    const { cluster, service: serviceName } = this.spec;
    const arns = await paged(
      'ecs:ListTasks',
      (token) =>
        callAws('ecs:ListTasks', () =>
          this.ecs.send(
            new ListTasksCommand({ cluster, serviceName, desiredStatus, maxResults: LIST_PAGE, ...token }),
          ),
        ),
      ({ taskArns }) => taskArns,
    );
    return batched(arns, DESCRIBED_AT_ONCE, async (tasks) => {
      const answer = await callAws('ecs:DescribeTasks', () =>
        this.ecs.send(new DescribeTasksCommand({ cluster, tasks })),
      );
      return answer.tasks;
    });
  }

  async instances(): Promise<readonly ContainerInstance[]> {
    const { cluster } = this.spec;
    const arns = await paged(
      'ecs:ListContainerInstances',
      (token) =>
        callAws('ecs:ListContainerInstances', () =>
          this.ecs.send(new ListContainerInstancesCommand({ cluster, maxResults: LIST_PAGE, ...token })),
        ),
      ({ containerInstanceArns }) => containerInstanceArns,
    );
    return batched(arns, DESCRIBED_AT_ONCE, async (containerInstances) => {
      const answer = await callAws('ecs:DescribeContainerInstances', () =>
        this.ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances })),
      );
      return answer.containerInstances;
    });
  }

  /** Lines of every container of the service, oldest first. */
  async lines(request: LogsRequest, context: DeployContext): Promise<readonly LogLine[]> {
    return newestLines(request, context, (page) =>
      this.logs.send(new FilterLogEventsCommand({ logGroupName: this.spec.logGroup, ...page })),
    );
  }

  /**
   * The last lines of a container, oldest first. A task that never started has no stream.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
   */
  async lastLines(container: string, taskId: string, limit: number): Promise<readonly string[]> {
    const { logGroup: logGroupName, logStreamPrefix } = this.spec;
    const logStreamName = `${logStreamPrefix}/${container}/${taskId}`;
    try {
      const { events } = await callAws('logs:GetLogEvents', () =>
        this.logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, limit, startFromHead: false })),
      );
      return (events ?? []).map(({ message }) => (message ?? '').trimEnd());
    } catch (error) {
      if (awsErrorName(error) === 'ResourceNotFoundException') return [];
      throw error;
    }
  }
}
