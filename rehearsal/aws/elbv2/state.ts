import type { Place } from '../place';

/** Everything that the model of Elastic Load Balancing remembers. Times are milliseconds since the epoch. */
export interface Elbv2State {
  lastId: number;
  loadBalancers: LoadBalancerState[];
  targetGroups: TargetGroupState[];
  listeners: ListenerState[];
  rules: RuleState[];
  targets: TargetState[];
  /** Requests until now: they decide which share the next one belongs to. */
  requests: number;
}

export interface LoadBalancerState extends Place {
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly scheme: string;
  readonly dnsName: string;
}

/** Times of the health check are seconds. */
export interface HealthCheck {
  readonly interval: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export interface TargetGroupState extends Place {
  readonly arn: string;
  readonly name: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly targetType: string;
  readonly healthCheckPath?: string;
  readonly healthCheck: HealthCheck;
  /** How long a target that was taken out is drained, seconds. */
  readonly deregistrationDelay: number;
}

export interface ListenerState extends Place {
  readonly arn: string;
  readonly loadBalancer: string;
  readonly port?: number;
  readonly protocol?: string;
  /** Target groups that the default action forwards to. */
  readonly targetGroups: readonly string[];
}

/** Part of the traffic of a rule. */
export interface Share {
  /** Target group ARN. */
  readonly group: string;
  /** 0 to 999; what counts is its part of all weights of the rule. */
  readonly weight: number;
}

/** A rule of a listener that forwards. The default action of the listener is none. */
export interface RuleState extends Place {
  readonly arn: string;
  /** ARN. */
  readonly listener: string;
  readonly priority: number;
  /** Path patterns, one of which must match. */
  readonly paths: readonly string[];
  shares: readonly Share[];
}

export interface TargetState {
  readonly group: string;
  readonly id: string;
  readonly port: number;
  readonly registeredAt: number;
  /** Missing for a target that never answers. */
  readonly answersFrom?: number;
  deregisteredAt?: number;
}

export const emptyState = (): Elbv2State => ({
  lastId: 0,
  loadBalancers: [],
  targetGroups: [],
  listeners: [],
  rules: [],
  targets: [],
  requests: 0,
});
