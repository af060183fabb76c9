import { z } from 'zod';
import type { DeployManifest, TargetEntry } from '../../contract';

/** Kind of the targets that run as tasks of ECS, as the manifest names it. */
const ECS_SERVICE = 'ecs-service';

const shifting = {
  bakeMinutes: z.int(),
  hook: z.object({ functionArn: z.string(), roleArn: z.string() }).optional(),
};

/** What the proofs read of such a spec. It stands here a second time: a proof must not ask what it judges. */
const SPEC = z.object({
  cluster: z.string(),
  service: z.string(),
  taskDefinitionFamily: z.string(),
  minimumHealthyPercent: z.number(),
  maximumPercent: z.number(),
  update: z.discriminatedUnion('strategy', [
    z.object({ strategy: z.literal('rolling') }),
    z.object({ strategy: z.literal('blueGreen'), ...shifting }),
    z.object({
      strategy: z.literal('canary'),
      ...shifting,
      canaryPercent: z.number(),
      canaryMinutes: z.int(),
    }),
    z.object({ strategy: z.literal('linear'), ...shifting, stepPercent: z.number(), stepMinutes: z.int() }),
  ]),
  alarms: z.array(z.string()),
  verification: z.object({ functionName: z.string() }).optional(),
  sleep: z
    .object({
      from: z.string(),
      to: z.string(),
      days: z.enum(['weekdays', 'everyDay']),
      timeZone: z.string(),
    })
    .optional(),
});

export type ServiceSpec = z.infer<typeof SPEC>;
export type ServiceUpdate = ServiceSpec['update'];
/** An update in which ECS moves the traffic from one version to the other. */
export type ShiftingUpdate = Exclude<ServiceUpdate, { readonly strategy: 'rolling' }>;

/** A target of this kind whose spec can be read. */
export interface ServiceTarget {
  readonly target: TargetEntry;
  readonly spec: ServiceSpec;
}

/** The spec, or the fields in which it is none. */
type ReadServiceSpec = { readonly spec: ServiceSpec } | { readonly unread: readonly string[] };

/** @returns undefined for a target of another kind */
export function serviceSpecOf(target: TargetEntry): ReadServiceSpec | undefined {
  if (target.kind !== ECS_SERVICE) return undefined;
  const parsed = SPEC.safeParse(target.spec);
  return parsed.success
    ? { spec: parsed.data }
    : { unread: parsed.error.issues.map(({ path }) => path.join('.')) };
}

/** All of them; what is no spec is found among the names. */
export const serviceTargets = ({ targets }: DeployManifest): readonly ServiceTarget[] =>
  targets.flatMap((target) => {
    const read = serviceSpecOf(target);
    return read && 'spec' in read ? [{ target, spec: read.spec }] : [];
  });

export const isShifting = (update: ServiceUpdate): update is ShiftingUpdate => update.strategy !== 'rolling';

/** Whether a text of a spec is a setting that is compared on its own, and no name that a template must give. */
export const isServiceSetting = ({ kind }: TargetEntry, path: string): boolean =>
  kind === ECS_SERVICE && path.startsWith('sleep.');
