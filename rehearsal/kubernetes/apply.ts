import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { KINDS, kindNamed, type Kind, Refusal } from './kinds';
import { deploymentNamed } from './deployments';
import { isNamed, type Moment, nextId } from './moment';
import { type Manifest, manifestSchema } from './schemas';
import { statefulSetNamed } from './stateful-sets';
import type { ClusterState, StoredManifest } from './state';

/** Objects of a file, or of the files right below a folder, in the order of their names. */
export function manifestsIn(path: string, folder: string): readonly unknown[] {
  const full = resolve(folder, path);
  const found = statSync(full, { throwIfNoEntry: false });
  if (!found) throw new Refusal(`error: the path "${path}" does not exist`);
  const files = found.isDirectory()
    ? readdirSync(full)
        .filter((name) => /\.(ya?ml|json)$/.test(name))
        .sort()
        .map((name) => join(full, name))
    : [full];
  const documents = files.flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')));
  const [broken] = documents.flatMap(({ errors }) => errors);
  if (broken) throw new Refusal(`error: error parsing ${path}: ${broken.message}`);
  const objects = documents.map((document): unknown => document.toJS()).filter((each) => each !== null);
  if (objects.length > 0) return objects;
  throw new Refusal(`error: no objects passed to apply`);
}

/**
 * Applies one object.
 *
 * @returns the line that kubectl prints
 * @throws Refusal as the API server words it
 */
export function applyObject(moment: Moment, object: unknown, namespace: string): string {
  const manifest = placed(read(object), namespace);
  const kind = kindNamed(manifest.kind);
  const what = `${kind.resource}/${manifest.metadata.name}`;
  return `${what} ${put(moment, kind, manifest)}\n`;
}

function read(object: unknown): Manifest {
  const parsed = manifestSchema.safeParse(object);
  if (parsed.success) return parsed.data;
  const {
    kind = '',
    apiVersion = '',
    metadata,
  } = (object ?? {}) as {
    readonly kind?: string;
    readonly apiVersion?: string;
    readonly metadata?: { readonly name?: string };
  };
  const name = metadata?.name ?? '';
  if (!KINDS.some((each) => each.kind === kind && each.apiVersion === apiVersion)) {
    throw new Refusal(
      `error: resource mapping not found for name: "${name}" namespace: "" from "manifest": no matches for kind "${kind}" in version "${apiVersion}"`,
    );
  }
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'object'}: ${message}`);
  throw new Refusal(
    `Error from server (BadRequest): ${kind} in version "${apiVersion}" cannot be handled as a ${kind}: ${name}: ${faults.join('; ')}`,
  );
}

function placed(manifest: Manifest, namespace: string): Manifest {
  const own = manifest.metadata.namespace;
  if (manifest.kind === 'Namespace') return manifest;
  if (own !== undefined && own !== namespace) {
    throw new Refusal(
      `error: the namespace from the provided object "${own}" does not match the namespace "${namespace}". You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  return { ...manifest, metadata: { ...manifest.metadata, namespace } } as Manifest;
}

type Change = 'created' | 'configured' | 'unchanged';

function put(moment: Moment, kind: Kind, manifest: Manifest): Change {
  refuseWithoutNamespace(moment.state, manifest);
  if (manifest.kind === 'Deployment') return putDeployment(moment, manifest);
  if (manifest.kind === 'StatefulSet') return putStatefulSet(moment, manifest);
  return putOther(moment, kind, manifest);
}

function refuseWithoutNamespace({ others }: ClusterState, { kind, metadata }: Manifest): void {
  const { namespace = 'default' } = metadata;
  const there = others.some(
    (each) => each.manifest.kind === 'Namespace' && each.manifest.metadata.name === namespace,
  );
  if (kind === 'Namespace' || there || namespace === 'default') return;
  throw new Refusal(`Error from server (NotFound): namespaces "${namespace}" not found`);
}

const nameOf = ({ metadata }: Manifest) => ({ namespace: metadata.namespace ?? '', name: metadata.name });

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

function refuseOtherPods({
  kind,
  metadata,
  spec,
}: Extract<Manifest, { kind: 'Deployment' | 'StatefulSet' }>): void {
  const { matchLabels } = spec.selector;
  const { labels } = spec.template.metadata;
  if (Object.entries(matchLabels).every(([label, value]) => labels[label] === value)) return;
  throw new Refusal(
    `The ${kind} "${metadata.name}" is invalid: spec.template.metadata.labels: Invalid value: \`selector\` does not match template \`labels\``,
  );
}

const immutable = (kind: string, name: string, field: string): Refusal =>
  new Refusal(`The ${kind} "${name}" is invalid: ${field}: Invalid value: field is immutable`);

function putDeployment(moment: Moment, manifest: Extract<Manifest, { kind: 'Deployment' }>): Change {
  const { state, now } = moment;
  refuseOtherPods(manifest);
  const { namespace, name } = nameOf(manifest);
  const { template, replicas, selector } = manifest.spec;
  const before = deploymentNamed(state, { namespace, name });
  if (!before) {
    const made = {
      namespace,
      name,
      uid: nextId(moment),
      at: now,
      manifest,
      template,
      replicas: replicas ?? 1,
    };
    state.deployments = [...state.deployments, { ...made, generation: 1, progressAt: now }];
    return 'created';
  }
  if (!same(before.manifest.spec.selector, selector)) throw immutable('Deployment', name, 'spec.selector');
  const changes =
    !same(before.manifest, manifest) ||
    !same(before.template, template) ||
    (replicas !== undefined && replicas !== before.replicas);
  before.manifest = manifest;
  before.template = template;
  // Without a number the one that an autoscaler or a person has chosen stays.
  before.replicas = replicas ?? before.replicas;
  if (!changes) return 'unchanged';
  before.generation += 1;
  before.progressAt = now;
  return 'configured';
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations */
function putStatefulSet(moment: Moment, manifest: Extract<Manifest, { kind: 'StatefulSet' }>): Change {
  const { state, now } = moment;
  refuseOtherPods(manifest);
  const { namespace, name } = nameOf(manifest);
  const { replicas, selector, volumeClaimTemplates, serviceName } = manifest.spec;
  const before = statefulSetNamed(state, { namespace, name });
  if (!before) {
    const made = { namespace, name, uid: nextId(moment), at: now, manifest, replicas, generation: 1 };
    state.statefulSets = [...state.statefulSets, made];
    return 'created';
  }
  const { spec } = before.manifest;
  if (
    !same(
      [spec.selector, spec.volumeClaimTemplates, spec.serviceName],
      [selector, volumeClaimTemplates, serviceName],
    )
  ) {
    throw new Refusal(
      `The StatefulSet "${name}" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden`,
    );
  }
  if (same(before.manifest, manifest) && before.replicas === replicas) return 'unchanged';
  Object.assign(before, { manifest, replicas, generation: before.generation + 1 });
  return 'configured';
}

function putOther(moment: Moment, { kind }: Kind, manifest: StoredManifest['manifest']): Change {
  const { state, now } = moment;
  const before = state.others.find(
    (each) => each.manifest.kind === kind && isNamed(nameOf(each.manifest), nameOf(manifest)),
  );
  if (!before) {
    state.others = [...state.others, { uid: nextId(moment), at: now, manifest }];
    return 'created';
  }
  if (same(before.manifest, manifest)) return 'unchanged';
  if (before.manifest.kind === 'ConfigMap' && before.manifest.immutable) {
    throw new Refusal(
      `The ConfigMap "${manifest.metadata.name}" is invalid: data: Forbidden: field is immutable when \`immutable\` is set`,
    );
  }
  before.manifest = manifest;
  return 'configured';
}
