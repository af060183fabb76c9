import { z } from 'zod';
import { type DeployManifest, type GpuCheckEntry, MANIFEST_PATH } from '../../contract';

/** What the proofs read of such a spec. It stands here a second time: a proof must not ask what it judges. */
const SPEC = z.object({
  cluster: z.string(),
  capacityProviders: z.array(z.object({ instanceType: z.string(), name: z.string() })),
  taskDefinitionFamily: z.string(),
  container: z.string(),
  task: z.object({ cpu: z.number(), memoryMib: z.number(), gpus: z.number() }),
  taskRoleArn: z.string(),
  executionRoleArn: z.string(),
  logGroup: z.string(),
  logStreamPrefix: z.string(),
  parameters: z.object({ declaredTaskDefinition: z.string() }),
});

export type GpuCheckSpec = z.infer<typeof SPEC>;

/** A check whose spec can be read. */
export interface GpuCheck {
  readonly entry: GpuCheckEntry;
  readonly spec: GpuCheckSpec;
}

/** The spec, or the fields in which it is none. */
export type ReadGpuCheck = { readonly spec: GpuCheckSpec } | { readonly unread: readonly string[] };

export function gpuCheckSpecOf({ spec }: GpuCheckEntry): ReadGpuCheck {
  const parsed = SPEC.safeParse(spec);
  return parsed.success
    ? { spec: parsed.data }
    : { unread: parsed.error.issues.map(({ path }) => path.join('.')) };
}

/** All of them; what is no spec is found among the names. */
export const gpuChecksOf = ({ gpuChecks }: DeployManifest): readonly GpuCheck[] =>
  gpuChecks.flatMap((entry) => {
    const read = gpuCheckSpecOf(entry);
    return 'spec' in read ? [{ entry, spec: read.spec }] : [];
  });

/** Where a check stands in the manifest. */
export const placeOfCheck = ({ id, constructPath }: GpuCheckEntry): string =>
  `${MANIFEST_PATH} gpuChecks.${id} (${constructPath})`;
