import { z } from 'zod';
import { LockstepError } from '../../contract';

/** Kind of this deploy target in the manifest. */
export const K3S_NODE_KIND = 'k3s-node';

/** Tag by which the node is found and by which the deploy role may reach it. */
export const NODE_TAG = 'lockstep:target';

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
const name = z.string().regex(/^[a-z]([a-z0-9-]{0,51}[a-z0-9])?$/);
const seconds = z.int().nonnegative();
const percent = z.int().min(1).max(99);

/**
 * When a canary may go on. It is compared with the version that serves beside it, in the same time.
 */
const canaryRuleSchema = z.strictObject({
  /** Requests that the canary, and the version beside it, must each have answered in a step before it is judged. */
  minimumRequests: z.int().positive(),
  /** Most by which its share of answers 5xx may exceed that of the baseline, in percentage points. */
  errorRateMargin: z.number().min(0).max(100),
  /** Most that its latency may be, as a multiple of the baseline's. */
  latencyRatio: z.number().min(1).max(100),
  /** Quantile that is compared. */
  latencyQuantile: z.number().gt(0).lt(1),
});

/** How a routed service goes from one version to the next; services without a route always roll. */
const strategySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rolling') }),
  z.strictObject({
    kind: z.literal('blueGreen'),
    /** How long the new version is watched with all the traffic before the deployment has succeeded. */
    bakeSeconds: seconds,
  }),
  z.strictObject({
    kind: z.literal('canary'),
    /** Per cent of the traffic for the new version, rising; 100 comes last by itself. */
    steps: z
      .array(percent)
      .min(1)
      .readonly()
      .refine(
        (steps) => steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0)),
        'percentages that rise',
      ),
    /** How long each step is watched at most. */
    stepSeconds: z.int().positive(),
    rule: canaryRuleSchema,
  }),
]);

const specSchema = z.strictObject({
  namespace: name,
  /** Value of the tag `lockstep:target` of the node. */
  nodeTag: z.string().min(1),
  /** Name of the SSM document. */
  document: z.string().min(1),
  /** Bucket of runs and backups. */
  bucket: z.string().min(3),
  /** Folder of the rendered manifests, relative to the repository's root. */
  manifests: z.string().min(1),
  /** Files below it, in the order in which they are applied. */
  files: z.array(z.string()).min(1).readonly(),
  /** Repositories of the images of the workload, without tag and digest. */
  repositories: z.array(z.string()).min(1).readonly(),
  /** What the manifests hold, so that health can be judged without reading them. */
  statefulSets: z.array(name).readonly(),
  /** Deployments that roll. */
  deployments: z.array(name).readonly(),
  /** Services with two Deployments, `<name>-blue` and `<name>-green`, between which a route shares the traffic. */
  routed: z.array(name).readonly(),
  strategy: strategySchema,
  logGroup: z.string().min(1),
  parameters: z.strictObject({
    /** SSM parameter with the release that passed its checks last, and its images. */
    released: z.string().min(1),
  }),
  deadlineSeconds: z.int().positive(),
});

export type K3sNodeSpec = z.infer<typeof specSchema>;
export type CanaryRule = z.infer<typeof canaryRuleSchema>;
export type K3sStrategy = z.infer<typeof strategySchema>;

/** How long a version is watched with a part of the traffic, or all of it, before its deployment has succeeded. */
export function watchedSeconds(strategy: K3sStrategy): number {
  switch (strategy.kind) {
    case 'rolling':
      return 0;
    case 'blueGreen':
      return strategy.bakeSeconds;
    case 'canary':
      return strategy.steps.length * strategy.stepSeconds;
  }
}

/** @throws LockstepError `InvalidSpec` */
export function parseK3sNodeSpec(value: unknown, place: string): K3sNodeSpec {
  const parsed = specSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LockstepError(
    'InvalidSpec',
    parsed.error.issues.map(({ path, message }) => ({
      place: `${place} spec.${path.join('.')}`,
      value: 'a value of another form',
      allowed: message,
      change: 'run `npx projen` to write the manifest anew',
    })),
  );
}

/** Prefix of a run's objects in the bucket. */
export const runPrefix = (run: string): string => `runs/${run}`;
