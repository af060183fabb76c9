import { ApplicationAutoScalingService } from '../../rehearsal/aws/application-autoscaling';
import { CloudWatchService } from '../../rehearsal/aws/cloudwatch';
import { EcsService, type LogStream } from '../../rehearsal/aws/ecs';
import { Elbv2Service } from '../../rehearsal/aws/elbv2';
import { operationSchema } from '../../rehearsal/aws/schema';
import { schemaFaults } from '../../rehearsal/aws/schema-faults';
import { type AwsService, type Call, type Input, type Made } from '../../rehearsal/aws/service';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';
import { ACCOUNT, NAME, REGION, resourcesOf, type StackOptions } from './ecs-template';

export * from './ecs-template';

type Answer = Readonly<Record<string, unknown>>;

/** An account with a GPU service behind a load balancer, as a stack makes it: zero tasks, nothing released. */
export class EcsStack {
  readonly clock = new VirtualClock();
  readonly elbv2 = new Elbv2Service({ clock: this.clock });
  readonly cloudwatch = new CloudWatchService({ clock: this.clock });
  readonly scaling = new ApplicationAutoScalingService({ clock: this.clock });
  readonly lines = new Map<string, readonly string[]>();
  readonly ecs: EcsService;
  /** By logical id. */
  readonly made = new Map<string, Made>();

  constructor(options: StackOptions = {}) {
    this.ecs = new EcsService({
      clock: this.clock,
      targets: this.elbv2,
      rules: {
        forward: ({ rule }, shares) => {
          this.elbv2.forward(rule, shares);
          return undefined;
        },
      },
      alarms: this.cloudwatch,
      logs: { write: ({ group, stream }: LogStream, lines) => this.lines.set(`${group} ${stream}`, lines) },
      ...options.ports,
    });
    this.deploy(options);
  }

  /** Makes the resources of the stack in their order, as CloudFormation does. */
  deploy(options: StackOptions): void {
    const { account = ACCOUNT } = options;
    for (const [logicalId, { Type: type, Properties }] of Object.entries(resourcesOf(options))) {
      const all: readonly AwsService[] = [this.ecs, this.elbv2, this.cloudwatch, this.scaling];
      const maker = all.flatMap(({ makes }) => makes[type] ?? [])[0];
      if (!maker) throw new Error(`nobody makes ${type}`);
      const properties = this.resolved(Properties) as Input;
      const path = `${account}/${logicalId}`;
      const made = maker({ stack: 'infer', account, region: REGION, logicalId, path, type, properties });
      this.made.set(logicalId, made);
    }
  }

  private resolved(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.resolved(each));
    if (typeof value !== 'object' || value === null) return value;
    if ('Ref' in value) return this.made.get(String(value.Ref))?.ref;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.resolved(each)]));
  }

  call(account: string = ACCOUNT): Call {
    return { account, region: REGION, now: this.clock.now() };
  }

  /** One operation. Request and answer are checked against the SDK's schemas. */
  ask(aws: AwsService, operation: string, input: Input, account: string = ACCOUNT): Answer {
    const schema = operationSchema(aws.schemas, operation);
    const found = aws.operations[operation];
    if (!schema || !found) throw new Error(`there is no ${operation}`);
    expect(schemaFaults(schema.input, input, operation, 'input')).toEqual([]);
    const answer = { ...found.handle(input, this.call(account)) };
    expect(schemaFaults(schema.output, answer, operation, 'output')).toEqual([]);
    return answer;
  }

  /** The pipeline's way: registers the declared definition with another image and updates the service. */
  release(reference: string, desiredCount?: number): void {
    const { taskDefinition } = this.ask(this.ecs, 'DescribeTaskDefinition', { taskDefinition: 'infer:1' });
    const { family, networkMode, containerDefinitions, executionRoleArn, taskRoleArn } =
      taskDefinition as Input;
    const [container] = containerDefinitions as readonly Input[];
    const registered = this.ask(this.ecs, 'RegisterTaskDefinition', {
      family,
      networkMode,
      executionRoleArn,
      taskRoleArn,
      containerDefinitions: [{ ...container, image: reference }],
    });
    this.ask(this.ecs, 'UpdateService', {
      cluster: NAME.cluster,
      service: NAME.service,
      taskDefinition: (registered.taskDefinition as Input).taskDefinitionArn,
      ...(desiredCount === undefined ? {} : { desiredCount }),
    });
  }

  /** The newest deployment, described. */
  get deployment(): Answer {
    const { serviceDeployments } = this.ask(this.ecs, 'ListServiceDeployments', {
      cluster: NAME.cluster,
      service: NAME.service,
    });
    const [brief] = serviceDeployments as readonly Input[];
    const described = this.ask(this.ecs, 'DescribeServiceDeployments', {
      serviceDeploymentArns: [brief?.serviceDeploymentArn],
    });
    const [deployment] = described.serviceDeployments as readonly Answer[];
    return deployment ?? {};
  }

  /** Tasks that stopped, described. */
  get stopped(): readonly Answer[] {
    const cluster = NAME.cluster;
    const arns: unknown[] = [];
    let token: unknown;
    do {
      const page = this.ask(this.ecs, 'ListTasks', { cluster, desiredStatus: 'STOPPED', nextToken: token });
      arns.push(...(page.taskArns as readonly unknown[]));
      token = page.nextToken;
    } while (token !== undefined);
    return this.ask(this.ecs, 'DescribeTasks', { cluster, tasks: arns }).tasks as readonly Answer[];
  }
}
