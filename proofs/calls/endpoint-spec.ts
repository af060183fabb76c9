import { z } from 'zod';
import type { Fault, TargetEntry } from '../../contract';

/** Kind of the targets that are endpoints of SageMaker, as the manifest names it. */
const SAGEMAKER_ENDPOINT = 'sagemaker-endpoint';

/** What the proofs read of such a spec. It stands here a second time: a proof must not ask what it judges. */
const SPEC = z.object({
  endpoint: z.string(),
  namePrefix: z.string(),
  variant: z.string(),
  executionRoleArn: z.string(),
  instanceType: z.string(),
  instanceCount: z.int(),
  dataCapture: z.object({ bucketUri: z.string(), percentage: z.int() }).optional(),
  modelBucket: z.string(),
  initialModel: z.string().optional(),
  parameters: z.object({
    declaredSettings: z.string(),
    releasedConfig: z.string(),
    releasedImage: z.string(),
    releasedModel: z.string(),
  }),
  update: z.object({
    strategy: z.enum(['AllAtOnce', 'Canary', 'Linear', 'Rolling']),
    waitSeconds: z.int(),
    maximumExecutionSeconds: z.int(),
    batchPercent: z.int().optional(),
    rollbackBatchPercent: z.int().optional(),
  }),
  alarms: z.array(z.string()),
  deployTimeoutMinutes: z.int(),
  verification: z.object({ payload: z.string(), schema: z.unknown(), latencyBudgetMs: z.int() }),
});

export type EndpointSpec = z.infer<typeof SPEC>;

/** A difference between the spec and something else that names the same. */
export type Differs = (field: string, value: string, allowed: string) => Fault;

/** The spec, or the fields in which it is none. */
export type ReadEndpoint = { readonly spec: EndpointSpec } | { readonly unread: readonly string[] };

/** @returns undefined for a target of another kind */
export function endpointOf(target: TargetEntry): ReadEndpoint | undefined {
  if (target.kind !== SAGEMAKER_ENDPOINT) return undefined;
  const parsed = SPEC.safeParse(target.spec);
  return parsed.success
    ? { spec: parsed.data }
    : { unread: parsed.error.issues.map(({ path }) => path.join('.')) };
}

/**
 * Fields that are no name of a resource beside the endpoint: settings, files, and what is compared on its own. Alarms
 * that a platform names besides those of its endpoints may lie in a stack of somebody else.
 */
const SETTINGS =
  /^(?:instanceType|namePrefix|modelBucket|initialModel|update|verification|dataCapture|alarms)(?:\.|$)/;

/** Whether a text of a spec is a setting of its kind, and no name that a template must give. */
export const isSetting = ({ kind }: TargetEntry, path: string): boolean =>
  kind === SAGEMAKER_ENDPOINT && SETTINGS.test(path);
