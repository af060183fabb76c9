import { z } from 'zod';
import type { DeployManifest, TargetEntry } from '../../contract';

/** Kind of the targets that are nodes with K3s, as the manifest names it. */
const K3S_NODE = 'k3s-node';

/** Tag by which the deployer finds the node, and by which alone the deploy role may reach it. */
export const NODE_TAG = 'lockstep:target';

/** What the proofs read of such a spec. It stands here a second time: a proof must not ask what it judges. */
const SPEC = z.object({
  namespace: z.string(),
  nodeTag: z.string(),
  document: z.string(),
  bucket: z.string(),
  manifests: z.string(),
  files: z.array(z.string()),
  repositories: z.array(z.string()),
  statefulSets: z.array(z.string()),
  deployments: z.array(z.string()),
  routed: z.array(z.string()),
  strategy: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('rolling') }),
    z.object({ kind: z.literal('blueGreen'), bakeSeconds: z.int() }),
    z.object({ kind: z.literal('canary'), steps: z.array(z.int()), stepSeconds: z.int() }),
  ]),
  logGroup: z.string(),
  parameters: z.object({ released: z.string() }),
  deadlineSeconds: z.int(),
});

export type NodeSpec = z.infer<typeof SPEC>;

/** A target of this kind whose spec can be read. */
export interface NodeTarget {
  readonly target: TargetEntry;
  readonly spec: NodeSpec;
}

/** The spec, or the fields in which it is none. */
export type ReadNode = { readonly spec: NodeSpec } | { readonly unread: readonly string[] };

/** @returns undefined for a target of another kind */
export function nodeOf(target: TargetEntry): ReadNode | undefined {
  if (target.kind !== K3S_NODE) return undefined;
  const parsed = SPEC.safeParse(target.spec);
  return parsed.success
    ? { spec: parsed.data }
    : { unread: parsed.error.issues.map(({ path }) => path.join('.')) };
}

/** All of them; what is no spec is found among the names. */
export const nodesOf = ({ targets }: DeployManifest): readonly NodeTarget[] =>
  targets.flatMap((target) => {
    const read = nodeOf(target);
    return read && 'spec' in read ? [{ target, spec: read.spec }] : [];
  });

/** Fields that are no name of a resource: what Kubernetes names, settings, and what is compared on its own. */
const SETTINGS =
  /^(?:namespace|manifests|files|repositories|statefulSets|deployments|routed|strategy|deadlineSeconds)(?:\.|$)/;

/** Whether a text of a spec is a setting of its kind, and no name that a template must give. */
export const isNodeSetting = ({ kind }: TargetEntry, path: string): boolean =>
  kind === K3S_NODE && SETTINGS.test(path);

/** Files that the proofs about these targets read. */
export const nodeFiles = (manifest: DeployManifest): readonly string[] => [
  ...new Set(nodesOf(manifest).flatMap(({ spec }) => spec.files.map((file) => `${spec.manifests}/${file}`))),
];
