import type {
  LoadBalancer,
  RegisterTaskDefinitionRequest,
  ServiceDeploymentStatus,
} from '@aws-sdk/client-ecs';
import type { Place } from '../place';
import type { Behaviour, BehaviourRule } from './behaviour';
import type { Room } from './room';
import type { ShiftProgress } from './shift/progress';
import type { StrategySettings } from './shift/settings';
import type { Side } from './shift/traffic';

/** Everything that the model of ECS remembers. Times are milliseconds since the epoch. */
export interface EcsState {
  lastId: number;
  /** The first rule that matches a task says how it behaves. */
  rules: readonly BehaviourRule[];
  timing: Timing;
  /**
   * Whether ECS says that a task which waits for a capacity provider finds no place. AWS's pages do not tell.
   *
   * @default true
   */
  saysWaiting: boolean;
  taskDefinitions: TaskDefinitionState[];
  clusters: ClusterState[];
  launchTemplates: LaunchTemplateState[];
  groups: GroupState[];
  capacityProviders: CapacityProviderState[];
  instances: InstanceState[];
  services: ServiceState[];
  tasks: TaskState[];
}

/** How long things take that AWS names no time for. Seconds. */
export interface Timing {
  /** Until a new deployment is listed: answers of ECS are eventually consistent. */
  listedAfter: number;
  /** From a place to a running task. */
  startsWithin: number;
  /** How long a task without any check must run before it counts as good. */
  settlesWithin: number;
  /** From the signal to stop to the end; the task keeps its place until then. */
  stopsWithin: number;
  /** From a changed listener rule to traffic that follows it. */
  shiftsWithin: number;
  /** From the launch of an instance to its registration in the cluster. */
  instanceStartsWithin: number;
  /** The same for an instance that has waited in a warm pool. */
  warmStartsWithin: number;
  /** How long an instance is idle before it is terminated. */
  scaleInAfter: number;
  /** From a line of a container to the log group: the driver sends in batches. Infinity: lines are lost. */
  logsWithin: number;
}

export interface TaskDefinitionState extends Place {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  status: 'ACTIVE' | 'INACTIVE';
  readonly registeredAt: number;
  readonly registeredBy?: string;
  deregisteredAt?: number;
  readonly content: RegisterTaskDefinitionRequest;
}

export interface ClusterState extends Place {
  readonly arn: string;
  readonly name: string;
  /** ARNs. */
  capacityProviders: readonly string[];
  /** ARN of the provider of tasks that name none. */
  defaultProvider?: string;
}

export interface LaunchTemplateState extends Place {
  readonly id: string;
  readonly instanceType: string;
  /** Of the machine image. @default - none that the template names */
  readonly imageId?: string;
}

/** An Auto Scaling group. */
export interface GroupState extends Place {
  readonly arn: string;
  readonly name: string;
  /** Launched in turn: which of them AWS has, nobody knows. */
  readonly instanceTypes: readonly string[];
  /** As many instances are on demand, the others on Spot. @default - all are on demand */
  readonly onSpotAbove?: number;
  imageId?: string;
  readonly minSize: number;
  readonly maxSize: number;
  /** How many instances the group wants: a cluster takes them up once it knows the group. */
  readonly desired: number;
  /** False when EC2 has no more instances of these types. */
  launches: boolean;
  /** When each stopped instance of the warm pool is ready. @default - there is no warm pool */
  warm?: readonly number[];
}

export interface CapacityProviderState extends Place {
  readonly arn: string;
  readonly name: string;
  /** ARN of the group. */
  readonly group: string;
  readonly managedScaling: boolean;
}

export interface InstanceState {
  readonly id: string;
  readonly ec2Id: string;
  /** Such as `g4dn.xlarge`. */
  readonly type: string;
  readonly imageId?: string;
  /** ARN. */
  readonly cluster: string;
  /** ARN of the capacity provider; missing for an instance that somebody registered by hand. */
  readonly provider?: string;
  readonly room: Room;
  /** GPUs that something else than tasks of this model holds. */
  takenGpus: number;
  readonly registersAt: number;
  idleSince?: number;
  /** A Spot Instance. */
  readonly spot?: true;
  /** When AWS has said that it takes the instance away. */
  interruptedAt?: number;
}

export interface TargetGroupUse {
  /** Target group ARN. */
  readonly group: string;
  readonly id: string;
  readonly port: number;
}

export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

export interface TaskState extends Place {
  readonly id: string;
  /** ARN. */
  readonly cluster: string;
  /** ARN of the task definition. */
  readonly definition: string;
  /** ARN; missing for a task that somebody ran by hand. */
  readonly service?: string;
  /** Id of the service revision. */
  readonly revision?: string;
  /** Id of the service deployment, or who started the task. */
  readonly startedBy: string;
  readonly createdAt: number;
  /** With which a call that ran the task can be repeated. @default - it runs another one */
  readonly run?: { readonly clientToken: string; readonly request: string };
  readonly behaviour: Behaviour;
  /** Image of the first container. */
  readonly image: string;
  /** ARN of the capacity provider, or `FARGATE`. */
  readonly provider?: string;
  status: TaskStatus;
  desired: 'RUNNING' | 'STOPPED';
  health: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';
  /** Passed all its checks once: what happens later is no failure of the deployment. */
  served: boolean;
  /** Id of the container instance. */
  instance?: string;
  pulled: boolean;
  /** Requests of clients so far. */
  requests: number;
  /** By the name of the container. */
  digests: Readonly<Record<string, string>>;
  targets: readonly TargetGroupUse[];
  placedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  stopCode?:
    | 'TaskFailedToStart'
    | 'EssentialContainerExited'
    | 'UserInitiated'
    | 'ServiceSchedulerInitiated'
    | 'SpotInterruption'
    | 'TerminationNotice';
  reason?: string;
  exitCode?: number;
  containerReason?: string;
  /** Lines of the container that have not reached the log group. */
  unsent?: { readonly at: number; readonly lines: readonly string[] };
}

export interface DeploymentState {
  readonly id: string;
  /** Id of the service revision that is deployed. */
  readonly revision: string;
  /** Id of the service revision that it replaces: that of the last deployment that succeeded. */
  readonly source: string | undefined;
  readonly createdAt: number;
  status: ServiceDeploymentStatus;
  reason?: string;
  failures: number;
  rollbackFailures: number;
  finishedAt?: number;
  rollback?: { readonly reason: string; readonly startedAt: number; readonly revision: string };
  /** Counts of the target revision, kept as they were when the deployment ended. */
  counts: { requested: number; running: number; pending: number };
  /** Alarms that were in ALARM before, of which ECS takes no notice; missing until a task runs. */
  ignoredAlarms?: readonly string[];
  triggeredAlarms: readonly string[];
  breakerTriggered: boolean;
  /** When everything was in place; the bake time counts from here. */
  bakesSince?: number;
  /** ECS has said that it finds no place. */
  complained: boolean;
  /** Of a deployment that shifts traffic. */
  readonly shift?: ShiftProgress;
}

export interface BreakerState {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly threshold?: {
    readonly type: 'COUNT' | 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT';
    readonly value: number;
  };
  /** @default true */
  readonly resetOnHealthyTask?: boolean;
}

export interface AlarmsState {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly alarmNames: readonly string[];
}

export interface EventState {
  readonly id: string;
  readonly at: number;
  readonly message: string;
}

export interface ServiceState extends Place {
  readonly arn: string;
  readonly name: string;
  /** ARN. */
  readonly cluster: string;
  readonly createdAt: number;
  status: 'ACTIVE' | 'INACTIVE';
  desired: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
  strategy: StrategySettings;
  breaker: BreakerState;
  alarms: AlarmsState;
  readonly loadBalancers: readonly LoadBalancer[];
  /** Seconds. */
  gracePeriod: number;
  /** ARN of the capacity provider, or `FARGATE`; without one a task that finds no place is not created. */
  readonly provider?: string;
  /** Service revision id to task definition ARN. */
  readonly revisions: Record<string, string>;
  /** Service revision id to the target group that its tasks are in. */
  readonly sides: Record<string, Side>;
  /** Newest first. */
  deployments: DeploymentState[];
  /** Newest first. */
  events: EventState[];
}

const INITIAL_TIMING: Timing = {
  listedAfter: 3,
  startsWithin: 8,
  settlesWithin: 5,
  stopsWithin: 6,
  shiftsWithin: 4,
  instanceStartsWithin: 180,
  warmStartsWithin: 60,
  scaleInAfter: 900,
  logsWithin: 0,
};

export const emptyState = (): EcsState => ({
  lastId: 0,
  rules: [],
  timing: { ...INITIAL_TIMING },
  saysWaiting: true,
  taskDefinitions: [],
  clusters: [],
  launchTemplates: [],
  groups: [],
  capacityProviders: [],
  instances: [],
  services: [],
  tasks: [],
});
