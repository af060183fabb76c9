import type {
  LoadBalancer,
  RegisterTaskDefinitionRequest,
  ServiceDeploymentStatus,
} from '@aws-sdk/client-ecs';

export const ACCOUNT = '222222222222';
export const REGION = 'us-east-1';
export const arn = (resource: string, service = 'ecs'): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** How an image behaves once a task of it is placed. Times are seconds. */
export type Behaviour =
  | { readonly kind: 'healthy'; readonly startsAfter?: number }
  | {
      readonly kind: 'exits';
      readonly code: number;
      readonly after?: number;
      readonly lines?: readonly string[];
    }
  | { readonly kind: 'unhealthy' }
  | { readonly kind: 'cannotPull' }
  /** Pulls for ever: never runs, never fails. */
  | { readonly kind: 'pullsForEver' };

export interface TaskDefinitionState {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  status: 'ACTIVE' | 'INACTIVE';
  readonly registeredAt: number;
  readonly content: RegisterTaskDefinitionRequest;
}

export interface TaskState {
  readonly id: string;
  readonly definition: TaskDefinitionState;
  readonly deployment: string;
  readonly createdAt: number;
  readonly behaviour: Behaviour;
  readonly image: string;
  status: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  desired: 'RUNNING' | 'STOPPED';
  health: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';
  instance?: string;
  placedAt?: number;
  startedAt?: number;
  stoppedAt?: number;
  stopCode?: string;
  reason?: string;
  exitCode?: number;
  containerReason?: string;
}

export interface DeploymentState {
  readonly id: string;
  readonly revision: string;
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
  alarms: string[];
}

export interface InstanceState {
  readonly id: string;
  readonly gpus: number;
}

export interface ServiceState {
  readonly cluster: string;
  readonly name: string;
  status: 'ACTIVE' | 'INACTIVE';
  desired: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly strategy: 'ROLLING' | 'BLUE_GREEN';
  breaker: { readonly enable: boolean; readonly rollback: boolean };
  readonly loadBalancers: readonly LoadBalancer[];
}

export interface EventState {
  readonly id: string;
  readonly at: number;
  readonly message: string;
}

export const ENDED: readonly ServiceDeploymentStatus[] = [
  'SUCCESSFUL',
  'STOPPED',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];
