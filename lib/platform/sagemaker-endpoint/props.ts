import type { Duration } from 'aws-cdk-lib';
import type { SagemakerEndpointWorkloadNames } from '../../names';
import type { OneImageWorkloadProps } from '../props';

/** A model behind a real-time endpoint of SageMaker. */
export interface SagemakerEndpointWorkloadProps<Env extends string> extends OneImageWorkloadProps {
  readonly kind: 'sagemakerEndpoint';
  /** @default - a bucket by the rule, and no model until a run names one */
  readonly model?: ModelProps;
  /** How a deployment is judged once the endpoint serves. */
  readonly verification: VerificationProps;
  readonly rollout?: EndpointRolloutProps;
  /** Released versions that one can go back to, the running one among them; 2 to 50. @default 5 */
  readonly keepVersions?: number;
  readonly environments: readonly SagemakerEndpointEnvironmentProps<Env>[];
}

/** Where models come from. */
export interface ModelProps {
  /**
   * Key in the model bucket, ending with `.tar.gz`: what the very first release serves. Later deployments keep the
   * model that was released last, unless a run names another.
   *
   * @default - the first run has to name a model
   */
  readonly initial?: string;
  /** Name of the model bucket. @default - `<platform>-<workload>-models-<account>` */
  readonly bucket?: string;
}

/** One request that the workload must answer. Files are relative to the source folder. */
export interface VerificationProps {
  /** File that is sent. */
  readonly payload: string;
  /** File with the JSON schema of the answer. */
  readonly schema: string;
  /** @default 'application/json' */
  readonly contentType?: string;
  /** Content type that the answer must have. @default 'application/json' */
  readonly accept?: string;
  /** No call may take longer, at most a minute. Model latency beyond it also undoes an update. */
  readonly latencyBudget: Duration;
  /** How often it is sent, 1 to 100. @default 5 */
  readonly calls?: number;
}

export interface EndpointRolloutProps {
  /**
   * Deadline of a deployment, at most 170 minutes. It is longer than `maximumExecution` of each update, because no
   * call stops an update: SageMaker itself must have given up by then.
   *
   * @default Duration.minutes(45)
   */
  readonly timeout?: Duration;
}

export interface SagemakerEndpointEnvironmentProps<Env extends string> {
  readonly name: Env;
  /** Instance type of SageMaker with x86 processors, such as `ml.m5.large`. */
  readonly instanceType: string;
  /** Instances: `initial` at the first deployment, then between `min` and `max` by load. @default - initial is `min` */
  readonly instances: { readonly initial?: number; readonly min: number; readonly max: number };
  readonly update: UpdateProps;
  /** Keeps requests and answers. @default - nothing is kept */
  readonly dataCapture?: {
    /** Bucket and prefix in the account of the environment, such as `s3://bucket/prefix`. */
    readonly bucketUri: string;
    /** Share of the requests, 1 to 100 per cent. */
    readonly percentage: number;
  };
  /** Names of further alarms that undo an update, at most 8. @default - server errors and model latency only */
  readonly alarms?: readonly string[];
  /** Invocations that one instance serves in a minute; autoscaling keeps to it. @default 1000 */
  readonly invocationsPerInstance?: number;
  /** Physical names that differ from the rule `<platform>-<workload>-<environment>`. @default - by the rule */
  readonly names?: Partial<SagemakerEndpointWorkloadNames>;
}

/**
 * How an endpoint goes from one version to the next. All but `rolling` start a second fleet, so that the quota of the
 * account must allow twice the instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export type UpdateProps = AllAtOnceProps | CanaryProps | LinearProps | RollingProps;

interface UpdateTimes {
  /** How long the alarms are watched after each step, at most an hour. @default Duration.minutes(5) */
  readonly wait?: Duration;
  /**
   * SageMaker gives up and goes back after so long: at least ten minutes, and less than `rollout.timeout`, which is at
   * most 170 minutes.
   *
   * @default Duration.minutes(30)
   */
  readonly maximumExecution?: Duration;
}

interface BlueGreenTimes extends UpdateTimes {
  /** How long the old fleet is kept after the last step, at most an hour. @default Duration.minutes(0) */
  readonly terminationWait?: Duration;
}

/** All traffic moves to the new fleet in one step. */
export interface AllAtOnceProps extends BlueGreenTimes {
  readonly strategy: 'allAtOnce';
}

/** A part of the traffic moves first, the rest in a second step. Two instances at least. */
export interface CanaryProps extends BlueGreenTimes {
  readonly strategy: 'canary';
  /** First part, 1 to 50 per cent of the instances. @default - one of the fewest instances, 50 of two */
  readonly canaryPercent?: number;
}

/** The traffic moves in equal steps. Two instances at least. */
export interface LinearProps extends BlueGreenTimes {
  readonly strategy: 'linear';
  /** Each step, 10 to 50 per cent of the instances. @default 50 */
  readonly stepPercent?: number;
}

/** Instances are replaced in batches, without a second fleet. Two instances at least. */
export interface RollingProps extends UpdateTimes {
  readonly strategy: 'rolling';
  /** Each batch, 5 to 50 per cent of the instances. @default 50 */
  readonly batchPercent?: number;
  /** Each batch on the way back, 5 to 100 per cent. @default 100 */
  readonly rollbackBatchPercent?: number;
}
