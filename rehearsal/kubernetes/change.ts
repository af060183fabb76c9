import { deploymentNamed, hashOf, replicaSetsOf } from './deployments';
import { type Kind, notFound, Refusal } from './kinds';
import type { Moment } from './moment';
import { manifestSchema } from './schemas';
import { statefulSetNamed } from './stateful-sets';
import type { ObjectName } from './state';

/** `kubectl scale`. @returns the line that it prints */
export function scale({ state }: Moment, kind: Kind, named: ObjectName, replicas: number): string {
  const found =
    kind.kind === 'Deployment'
      ? deploymentNamed(state, named)
      : kind.kind === 'StatefulSet'
        ? statefulSetNamed(state, named)
        : undefined;
  if (!found) throw notFound(kind, named.name);
  if (found.replicas !== replicas) found.generation += 1;
  found.replicas = replicas;
  return `${kind.resource}/${named.name} scaled\n`;
}

/** `kubectl delete`: everything that belongs to it goes as well. */
export function remove({ state, now }: Moment, kind: Kind, named: ObjectName): string {
  const { namespace, name } = named;
  const isIt = (each: ObjectName): boolean => each.namespace === namespace && each.name === name;
  const line = `${kind.resource} "${name}" deleted${kind.isNamespaced ? ` from ${namespace} namespace` : ''}\n`;
  switch (kind.kind) {
    case 'Deployment': {
      if (!deploymentNamed(state, named)) throw notFound(kind, name);
      const sets = new Set(replicaSetsOf(state, named).map((set) => set.name));
      state.deployments = state.deployments.filter((each) => !isIt(each));
      state.replicaSets = state.replicaSets.filter(
        (each) => each.namespace !== namespace || !sets.has(each.name),
      );
      for (const pod of state.pods)
        if (pod.namespace === namespace && sets.has(pod.owner.name)) pod.deletedAt ??= now;
      return line;
    }
    case 'StatefulSet':
      if (!statefulSetNamed(state, named)) throw notFound(kind, name);
      state.statefulSets = state.statefulSets.filter((each) => !isIt(each));
      for (const pod of state.pods)
        if (pod.namespace === namespace && pod.owner.name === name) pod.deletedAt ??= now;
      return line;
    case 'Pod': {
      const pod = state.pods.find(isIt);
      if (!pod) throw notFound(kind, name);
      pod.deletedAt ??= now;
      return line;
    }
    default: {
      const found = state.others.find(
        ({ manifest }) =>
          manifest.kind === kind.kind &&
          manifest.metadata.name === name &&
          (!kind.isNamespaced || manifest.metadata.namespace === namespace),
      );
      if (!found) throw notFound(kind, name);
      state.others = state.others.filter((each) => each !== found);
      return line;
    }
  }
}

/**
 * `kubectl patch --type=merge` of what does nothing by itself, such as a route.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc7386
 */
export function patch({ state }: Moment, kind: Kind, { namespace, name }: ObjectName, text: string): string {
  const found = state.others.find(
    ({ manifest }) =>
      manifest.kind === kind.kind &&
      manifest.metadata.name === name &&
      manifest.metadata.namespace === namespace,
  );
  if (!found) throw notFound(kind, name);
  const read = manifestSchema.safeParse(merged(found.manifest, json(text)));
  if (!read.success || read.data.kind === 'Deployment' || read.data.kind === 'StatefulSet') {
    const [issue] = read.success ? [] : read.error.issues;
    throw new Refusal(
      `The ${kind.kind} "${name}" is invalid: ${issue?.path.join('.') ?? 'kind'}: ${issue?.message ?? 'changed'}`,
    );
  }
  const changed = JSON.stringify(found.manifest) !== JSON.stringify(read.data);
  found.manifest = read.data;
  return `${kind.resource}/${name} patched${changed ? '' : ' (no change)'}\n`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(`error: unable to parse "${text}": yaml: or json`);
  }
}

function merged(target: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const before = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** `kubectl rollout undo`. */
export function undo(moment: Moment, kind: Kind, named: ObjectName, revision: number | undefined): string {
  const { state, now } = moment;
  const found = deploymentNamed(state, named);
  if (!found) throw notFound(kind, named.name);
  const sets = replicaSetsOf(state, named);
  const target =
    revision === undefined || revision === 0 ? sets.at(-2) : sets.find((set) => set.revision === revision);
  if (!target && revision === undefined)
    throw new Refusal(`error: no rollout history found for ${kind.kind.toLowerCase()} "${named.name}"`);
  if (!target) throw new Refusal(`error: unable to find specified revision ${revision} in history`);
  if (target.hash === hashOf(found.template)) {
    return `${kind.resource}/${named.name} skipped rollback (current template already matches revision ${target.revision})\n`;
  }
  found.template = target.template;
  found.generation += 1;
  found.progressAt = now;
  return `${kind.resource}/${named.name} rolled back\n`;
}
