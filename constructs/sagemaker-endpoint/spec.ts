import { z } from 'zod';
import { allowedBy, type Fault, LockstepError, ModelArtifact } from '../../contract';

/** Kind of this deploy target in the manifest. */
export const SAGEMAKER_ENDPOINT_KIND = 'sagemaker-endpoint';

/** As a refinement, so that a fraction keeps no other field from being judged. */
const whole = () => z.number('a whole number').refine(Number.isSafeInteger, 'a whole number');

/** Longest and shortest times and sizes of the API. */
const wait = whole().min(0).max(3600);
const terminationWait = whole().min(0).max(3600);
const maximumExecution = whole().min(600).max(28_800);

const blueGreen = {
  /** Watches each step, or the whole new fleet, for so long before it goes on. */
  waitSeconds: wait,
  /** Keeps the old fleet for so long after the last step. */
  terminationWaitSeconds: terminationWait,
  /** SageMaker gives up and goes back after so long. */
  maximumExecutionSeconds: maximumExecution,
};

/**
 * How an endpoint goes from one version to the next. Sizes are per cent of the instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html
 */
const updatePolicySchema = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('AllAtOnce'), ...blueGreen }),
  z.strictObject({ strategy: z.literal('Canary'), ...blueGreen, canaryPercent: whole().min(1).max(50) }),
  z.strictObject({ strategy: z.literal('Linear'), ...blueGreen, stepPercent: whole().min(10).max(50) }),
  z.strictObject({
    strategy: z.literal('Rolling'),
    waitSeconds: wait,
    maximumExecutionSeconds: maximumExecution,
    batchPercent: whole().min(5).max(50),
    /** Size of the steps on the way back. */
    rollbackBatchPercent: whole().min(5).max(100),
  }),
]);

export type UpdatePolicy = z.infer<typeof updatePolicySchema>;

/** Seconds that an update spends waiting, however fast its instances start. */
export const waitingSeconds = (policy: UpdatePolicy): number =>
  stepsOf(policy) * policy.waitSeconds + lastWait(policy);

/** How often an update waits before it goes on. */
function stepsOf(policy: UpdatePolicy): number {
  switch (policy.strategy) {
    case 'AllAtOnce':
      return 1;
    case 'Canary':
      return 2;
    case 'Linear':
      return Math.ceil(100 / policy.stepPercent);
    case 'Rolling':
      return Math.ceil(100 / policy.batchPercent);
  }
}

/** How long the old fleet is kept; rolling updates have none. */
const lastWait = (policy: UpdatePolicy): number =>
  policy.strategy === 'Rolling' ? 0 : policy.terminationWaitSeconds;

/** How the waits of an update add up. */
function sumOf(policy: UpdatePolicy): string {
  const last = lastWait(policy);
  return `${stepsOf(policy)} of ${policy.waitSeconds} each${last === 0 ? '' : `, and ${last} for the old fleet`}`;
}

/** Letters, digits and hyphens, as SageMaker names things. */
const name = (most: number) =>
  z
    .string()
    .regex(/^[a-z0-9](?:-*[a-z0-9])*$/)
    .max(most);

const dataCaptureSchema = z.strictObject({
  /** Where requests and answers are kept, such as `s3://bucket/prefix`. */
  bucketUri: z.string().regex(/^s3:\/\/[a-z0-9.-]+\/[A-Za-z0-9/_-]+$/),
  percentage: whole().min(1).max(100),
});

/** What the stack declares and a release is made of, besides image and model. */
export const settingsSchema = z.strictObject({
  executionRoleArn: z.string().startsWith('arn:'),
  instanceType: z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/),
  instanceCount: whole().min(1),
  dataCapture: dataCaptureSchema.optional(),
});

export type EndpointSettings = z.infer<typeof settingsSchema>;

const verificationSchema = z.strictObject({
  /** File that is sent to the model, relative to the repository's root. */
  payload: z.string().regex(/^(?!\/)(?!.*\.\.)\S+$/),
  contentType: z.string(),
  /** Content type that the answer must have. */
  accept: z.string(),
  /** JSON schema of the answer: a file relative to the repository's root, or the schema itself. */
  schema: z.union([z.string().regex(/^(?!\/)(?!.*\.\.)\S+$/), z.record(z.string(), z.unknown())]),
  /** No call may take longer. */
  latencyBudgetMs: whole().min(1).max(60_000),
  calls: whole().min(1).max(100),
});

/** What a fault breaks: a limit of one field, or a rule between fields. */
const specRule = z.enum(['limit', 'waits', 'parts', 'deadline', 'modelBucket']);

type SpecRule = z.infer<typeof specRule>;

export interface SpecFault extends Fault {
  readonly rule: SpecRule;
}

/** Why an update needs two instances. */
export const movesParts = ({ strategy }: UpdatePolicy): string =>
  `${strategy} moves a part of the instances at a time`;

const specSchema = z
  .strictObject({
    ...settingsSchema.shape,
    endpoint: name(63),
    /** Models and endpoint configs are named `<namePrefix>-<12 hex digits>`. */
    namePrefix: name(50),
    variant: z.literal('AllTraffic'),
    /** Bucket that models are deployed from. */
    modelBucket: z.string(),
    /** What the very first release serves, such as `s3://bucket/key.tar.gz`; later ones keep what was released. */
    initialModel: z.string().optional(),
    parameters: z.strictObject({
      /** Written by the stack: the settings, as JSON. */
      declaredSettings: z.string().startsWith('/'),
      /** Written by the pipeline after success: endpoint config, image with digest, model with version. */
      releasedConfig: z.string().startsWith('/'),
      releasedImage: z.string().startsWith('/'),
      releasedModel: z.string().startsWith('/'),
    }),
    update: updatePolicySchema,
    /**
     * Alarms that make SageMaker go back.
     *
     * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html
     */
    alarms: z.array(z.string().min(1)).min(1).max(10).readonly(),
    /** Released versions that one can go back to, the running one among them. */
    keepConfigs: whole().min(2).max(50),
    deployTimeoutMinutes: whole().min(1),
    verification: verificationSchema,
  })
  .superRefine(({ update, instanceCount, deployTimeoutMinutes, initialModel, modelBucket }, context) => {
    const waiting = waitingSeconds(update);
    const most = update.maximumExecutionSeconds;
    const fault = (rule: SpecRule, path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message, params: { rule } });
    // Steps of nothing never add up, and are a fault of their own.
    if (most <= waiting && Number.isFinite(waiting)) {
      const waits = `more than ${waiting} seconds, the waits of the update (${sumOf(update)})`;
      fault('waits', ['update', 'maximumExecutionSeconds'], waits);
    }
    if (update.strategy !== 'AllAtOnce' && instanceCount < 2)
      fault('parts', ['instanceCount'], `at least 2: ${movesParts(update)}`);
    // SageMaker has no call that stops an update: it must give up and go back before the command does.
    if (deployTimeoutMinutes * 60 <= most) {
      const minutes = Math.floor(most / 60);
      const deadline = `more than ${minutes} minutes, after which SageMaker itself gives up`;
      fault('deadline', ['deployTimeoutMinutes'], deadline);
    }
    if (initialModel !== undefined && bucketOf(initialModel) !== modelBucket)
      fault('modelBucket', ['initialModel'], `s3://${modelBucket}/<key>.tar.gz`);
  });

/** Bucket of what is a model; nothing where it is none. */
function bucketOf(text: string): string | undefined {
  try {
    return ModelArtifact.parse(text).bucket;
  } catch (error) {
    if (LockstepError.is(error)) return undefined;
    throw error;
  }
}

export type SagemakerEndpointSpec = z.infer<typeof specSchema>;

/** @throws LockstepError `InvalidSpec` */
export function parseSagemakerEndpointSpec(value: unknown, place: string): SagemakerEndpointSpec {
  const parsed = specSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LockstepError('InvalidSpec', faultsOf(parsed.error, value, under(`${place} spec`)));
}

/** Where the fault of a field is told, by the field's path. */
export type PlaceOf = (path: readonly string[]) => string;

export const under =
  (place: string): PlaceOf =>
  (path) =>
    [place, ...path].join('.');

/** What is wrong with a spec: the form, the limits of the API, and fields that contradict each other. */
export function specFaults(value: unknown, placeOf: PlaceOf): readonly SpecFault[] {
  const parsed = specSchema.safeParse(value);
  return parsed.success ? [] : faultsOf(parsed.error, value, placeOf);
}

function faultsOf(error: z.ZodError, value: unknown, placeOf: PlaceOf): readonly SpecFault[] {
  return error.issues.map((issue) => ({
    rule: issue.code === 'custom' ? specRule.catch('limit').parse(issue.params?.rule) : 'limit',
    place: placeOf(issue.path.map(String)),
    value: JSON.stringify(valueAt(value, issue.path)) ?? 'nothing',
    allowed: allowedBy(issue),
    change: 'change the workload in the platform file, then run `npx projen`',
  }));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (within, key) => (typeof within === 'object' && within !== null ? Reflect.get(within, key) : undefined),
    value,
  );
}

/** The settings that a spec declares. */
export function settingsOf(spec: SagemakerEndpointSpec): EndpointSettings {
  const { executionRoleArn, instanceType, instanceCount, dataCapture } = spec;
  return {
    executionRoleArn,
    instanceType,
    instanceCount,
    ...(dataCapture === undefined ? {} : { dataCapture }),
  };
}

/**
 * Log group that the containers of an endpoint write to.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
 */
export const logGroupOf = (endpoint: string): string => `/aws/sagemaker/Endpoints/${endpoint}`;
