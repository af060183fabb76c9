import { parseAllDocuments } from 'yaml';
import type { Artefacts } from '../artefacts';
import type { NodeTarget } from './spec';

export type Json = Readonly<Record<string, unknown>>;

/** An object of Kubernetes, as a rendered file has it. */
export interface KubernetesObject {
  /** File below the folder of the manifests. */
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly body: Json;
}

/** The rendered manifests of a node, and the files that could not be read. */
export interface Rendered {
  readonly objects: readonly KubernetesObject[];
  readonly missing: readonly string[];
}

const known = new WeakMap<Artefacts, Map<string, Rendered>>();

/** What is applied on a node. Read once. */
export function renderedOf(artefacts: Artefacts, node: NodeTarget): Rendered {
  const all = known.get(artefacts) ?? new Map<string, Rendered>();
  known.set(artefacts, all);
  const made = all.get(node.target.id) ?? read(artefacts, node);
  all.set(node.target.id, made);
  return made;
}

function read({ files }: Artefacts, { spec }: NodeTarget): Rendered {
  const objects: KubernetesObject[] = [];
  const missing: string[] = [];
  for (const file of spec.files) {
    const text = files.get(`${spec.manifests}/${file}`);
    const documents = text === undefined ? undefined : objectsIn(file, text);
    if (documents) objects.push(...documents);
    else missing.push(file);
  }
  return { objects, missing };
}

/** @returns undefined for a file that holds something else than objects */
function objectsIn(file: string, text: string): readonly KubernetesObject[] | undefined {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const objects = documents.map((document): KubernetesObject => {
    const body = json(document.toJS());
    const { name, namespace } = json(body.metadata);
    return {
      file,
      kind: String(body.kind),
      name: String(name),
      ...(typeof namespace === 'string' && { namespace }),
      body,
    };
  });
  return objects.some(({ body }) => Object.keys(body).length === 0) ? undefined : objects;
}

export const json = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const items = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : [];

/** Template of the pods of a Deployment or a StatefulSet. */
export const podOf = ({ body }: KubernetesObject): Json => json(json(json(body.spec).template).spec);

/** Containers of a pod, those that run before the others included. */
export const containersOf = (object: KubernetesObject): readonly Json[] => {
  const { containers, initContainers } = podOf(object);
  return [...items(containers), ...items(initContainers)].map(json);
};
