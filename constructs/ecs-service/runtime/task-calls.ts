import { type CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { awsErrorName, callAws } from '../../aws-client';
import type { EcsServiceSpec } from '../spec';

/** Most ARNs that one Describe call of tasks or container instances takes. */
const DESCRIBE_LIMIT = 100;

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
    const all: Task[] = [];
    let nextToken: string | undefined;
    do {
      const page = await callAws('ecs:ListTasks', () =>
        this.ecs.send(
          new ListTasksCommand({
            cluster,
            serviceName,
            desiredStatus,
            maxResults: DESCRIBE_LIMIT,
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        ),
      );
      const tasks = page.taskArns ?? [];
      if (tasks.length > 0) {
        const answer = await callAws('ecs:DescribeTasks', () =>
          this.ecs.send(new DescribeTasksCommand({ cluster, tasks })),
        );
        all.push(...(answer.tasks ?? []));
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return all;
  }

  async instances(): Promise<readonly ContainerInstance[]> {
    const { cluster } = this.spec;
    const all: ContainerInstance[] = [];
    let nextToken: string | undefined;
    do {
      const page = await callAws('ecs:ListContainerInstances', () =>
        this.ecs.send(
          new ListContainerInstancesCommand({
            cluster,
            maxResults: DESCRIBE_LIMIT,
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        ),
      );
      const containerInstances = page.containerInstanceArns ?? [];
      if (containerInstances.length > 0) {
        const answer = await callAws('ecs:DescribeContainerInstances', () =>
          this.ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances })),
        );
        all.push(...(answer.containerInstances ?? []));
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return all;
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
