import type {
  CreateEndpointConfigInput,
  CreateModelInput,
  DataCaptureConfig,
  DeploymentConfig,
  EndpointStatus,
} from '@aws-sdk/client-sagemaker';
import type { Place } from '../place';
import type { AnswerRule } from '../sagemaker-runtime';
import type { ContainerBehaviour, ContainerRule } from './behaviour';
import type { DeploymentPlan } from './deployment-plan';

/** Everything that the model of SageMaker hosting remembers. Times are milliseconds since the epoch. */
export interface SageMakerState {
  lastId: number;
  /** The first rule that matches a fleet says how its containers behave. */
  containers: readonly ContainerRule[];
  /** The first rule that matches an invocation says what the model answers. */
  answers: readonly AnswerRule[];
  timing: Timing;
  models: ModelState[];
  configs: ConfigState[];
  endpoints: EndpointState[];
  /** Instance types that AWS has no more of. */
  exhausted: readonly Exhausted[];
  /** Invocations that were answered; traffic is split by counting them. */
  invocations: number;
}

/** How long things take that AWS names no time for. Seconds. */
export interface Timing {
  /** From the request to instances. */
  provisionsWithin: number;
  /** How long SageMaker looks for instances before it gives up. */
  capacityWithin: number;
  /** From instances to containers that answer their health check. */
  startsWithin: number;
  /** From instances to the word that a container cannot be started at all. */
  cannotStartWithin: number;
  /**
   * How long containers have for their first health check, where the variant says nothing.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
   */
  healthyWithin: number;
  /** From the decision to roll back to the old fleet alone. */
  rollsBackWithin: number;
  deletesWithin: number;
}

export interface Exhausted {
  readonly account: string;
  readonly instanceType: string;
}

export interface ModelState extends Place {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly content: CreateModelInput;
}

export interface ConfigState extends Place {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  readonly content: CreateEndpointConfigInput;
}

/** What serves one variant. It lives on when its model and its config are deleted. */
export interface VariantState {
  readonly name: string;
  readonly model: string;
  readonly image: string;
  readonly artifact?: string;
  readonly executionRole: string;
  readonly instanceType: string;
  /** Seconds for the first health check. */
  readonly healthyWithin?: number;
  /** How many instances the variant is to have. */
  desired: number;
  weight: number;
  /** Image by digest, and when that was looked up. */
  resolved?: { readonly image: string; readonly at: number };
}

export interface FleetState {
  /** Name of the endpoint configuration. */
  readonly config: string;
  readonly variants: readonly VariantState[];
  readonly behaviour: ContainerBehaviour;
  /** @default - nothing is captured */
  readonly capture?: DataCaptureConfig;
  /** Its image and its artifact were fetched. */
  fetched: boolean;
}

/** Where a deployment stands. `since` is when it got there. */
export type Phase =
  | { readonly kind: 'provisioning'; readonly since: number }
  | { readonly kind: 'baking'; readonly since: number }
  | { readonly kind: 'terminating'; readonly since: number }
  | { readonly kind: 'rollingBack'; readonly since: number };

/** A fleet on its way to take over an endpoint. */
export interface DeploymentState {
  readonly fleet: FleetState;
  readonly startedAt: number;
  readonly plan: DeploymentPlan;
  /** How many shifts of traffic are behind it, their bake time too. */
  baked: number;
  /** Percent of the traffic that the new fleet gets. */
  traffic: number;
  phase: Phase;
  /** What `FailureReason` will say. Missing for a rollback of which nothing is told. */
  reason?: string;
}

export interface EndpointState extends Place {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  modifiedAt: number;
  status: EndpointStatus;
  /** Name of the configuration that `DescribeEndpoint` tells. */
  config: string;
  failureReason?: string;
  /** Names of the configurations that served, newest first. */
  served: readonly string[];
  /** What serves; missing until the endpoint was in service once. */
  fleet?: FleetState;
  /** The other fleet of an endpoint whose rollback failed: it serves with `fleet`. */
  stranded?: { readonly fleet: FleetState; readonly traffic: number };
  deployment?: DeploymentState;
  lastDeploymentConfig?: DeploymentConfig;
}

const INITIAL_TIMING: Timing = {
  provisionsWithin: 150,
  capacityWithin: 1_800,
  startsWithin: 60,
  cannotStartWithin: 210,
  healthyWithin: 480,
  rollsBackWithin: 60,
  deletesWithin: 20,
};

export const emptyState = (): SageMakerState => ({
  lastId: 0,
  containers: [],
  answers: [],
  timing: { ...INITIAL_TIMING },
  models: [],
  configs: [],
  endpoints: [],
  exhausted: [],
  invocations: 0,
});
