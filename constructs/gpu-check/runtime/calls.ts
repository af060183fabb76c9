import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeregisterTaskDefinitionCommand,
  DescribeContainerInstancesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type Failure,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { LockstepError } from '../../../contract';
import { awsErrorName, callAws } from '../../aws-client';
import { withImage } from '../../ecs-task';
import type { GpuCheckSpec } from '../spec';
import type { GpuCheckClients } from './client';

/** Shown by ECS as who started a task. */
const STARTED_BY = 'lockstep-gpu-check';

/** Attribute by which the agent tells the type of its instance. */
const INSTANCE_TYPE = 'ecs.instance-type';

/** Lines that are read of a container's end. */
const LINES = 200;

/** What ECS answers to the wish for a task: the task, or why there is none. */
export type Started =
  { readonly kind: 'task'; readonly arn: string } | { readonly kind: 'refused'; readonly failure: Failure };

/** The calls of a check, each with an error that names it. */
export class GpuCheckAws {
  constructor(
    private readonly clients: GpuCheckClients,
    private readonly spec: GpuCheckSpec,
    private readonly stack: string,
  ) {}

  /**
   * Registers the declared task definition with another image.
   *
   * @returns ARN of the new revision
   * @throws LockstepError `NotDeployed` or `InvalidSpec`
   */
  async register(image: string): Promise<string> {
    const declared = await this.declared();
    const { taskDefinition } = await callAws('ecs:DescribeTaskDefinition', () =>
      this.clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: declared })),
    );
    const definition = withImage(taskDefinition ?? {}, this.spec.container, image);
    const answer = await callAws('ecs:RegisterTaskDefinition', () =>
      this.clients.ecs.send(new RegisterTaskDefinitionCommand(definition)),
    );
    return required(
      answer.taskDefinition?.taskDefinitionArn,
      'ecs:RegisterTaskDefinition',
      'taskDefinitionArn',
    );
  }

  private async declared(): Promise<string> {
    const { declaredTaskDefinition: Name } = this.spec.parameters;
    try {
      const { Parameter } = await callAws('ssm:GetParameter', () =>
        this.clients.ssm.send(new GetParameterCommand({ Name })),
      );
      return required(Parameter?.Value, 'ssm:GetParameter', 'Parameter.Value');
    } catch (error) {
      if (awsErrorName(error) !== 'ParameterNotFound') throw error;
      throw new LockstepError(
        'NotDeployed',
        {
          place: `SSM parameter ${Name}`,
          value: 'no such parameter',
          allowed: 'the parameter that the stack creates',
          change: `run \`npx cdk deploy ${this.stack}\``,
        },
        { cause: error },
      );
    }
  }

  /**
   * A full cluster makes the task wait in PROVISIONING while its capacity provider starts an instance.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
   */
  async start(taskDefinition: string, capacityProvider: string): Promise<Started> {
    const { tasks, failures } = await callAws('ecs:RunTask', () =>
      this.clients.ecs.send(
        new RunTaskCommand({
          cluster: this.spec.cluster,
          taskDefinition,
          capacityProviderStrategy: [{ capacityProvider, weight: 1 }],
          count: 1,
          startedBy: STARTED_BY,
        }),
      ),
    );
    const arn = tasks?.[0]?.taskArn;
    if (arn !== undefined) return { kind: 'task', arn };
    const [failure] = failures ?? [];
    return { kind: 'refused', failure: failure ?? { reason: 'ECS gives neither a task nor a reason' } };
  }

  /** Undefined where ECS does not know the task, for instance because it was only just asked for. */
  async task(arn: string): Promise<Task | undefined> {
    const { tasks } = await callAws('ecs:DescribeTasks', () =>
      this.clients.ecs.send(new DescribeTasksCommand({ cluster: this.spec.cluster, tasks: [arn] })),
    );
    return tasks?.[0];
  }

  async stop(task: string, reason: string): Promise<void> {
    await callAws('ecs:StopTask', () =>
      this.clients.ecs.send(new StopTaskCommand({ cluster: this.spec.cluster, task, reason })),
    );
  }

  async deregister(taskDefinition: string): Promise<void> {
    await callAws('ecs:DeregisterTaskDefinition', () =>
      this.clients.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition })),
    );
  }

  /** EC2 type of a container instance. */
  async instanceType(containerInstance: string): Promise<string | undefined> {
    const { containerInstances } = await callAws('ecs:DescribeContainerInstances', () =>
      this.clients.ecs.send(
        new DescribeContainerInstancesCommand({
          cluster: this.spec.cluster,
          containerInstances: [containerInstance],
        }),
      ),
    );
    return containerInstances?.[0]?.attributes?.find(({ name }) => name === INSTANCE_TYPE)?.value;
  }

  /**
   * The last lines of the task's container, oldest first; none before the first one has arrived.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
   */
  async lines(taskId: string): Promise<readonly string[]> {
    const { logGroup: logGroupName, logStreamPrefix, container } = this.spec;
    const logStreamName = `${logStreamPrefix}/${container}/${taskId}`;
    try {
      const { events } = await callAws('logs:GetLogEvents', () =>
        this.clients.logs.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, limit: LINES, startFromHead: false }),
        ),
      );
      return (events ?? []).map(({ message }) => (message ?? '').trimEnd());
    } catch (error) {
      if (awsErrorName(error) === 'ResourceNotFoundException') return [];
      throw error;
    }
  }
}

/** @throws LockstepError `AwsCallFailed` */
function required(value: string | undefined, action: string, field: string): string {
  if (value !== undefined) return value;
  throw new LockstepError('AwsCallFailed', {
    place: action,
    value: `an answer without ${field}`,
    allowed: `an answer with ${field}`,
    change: 'run the same command again',
  });
}
