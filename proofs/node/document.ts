import type { Artefacts, Resource, Value } from '../artefacts';
import { besideNode } from './place';
import { nodesOf, type NodeTarget } from './spec';

/** A parameter of an SSM document, as its content declares it. */
export interface DocumentParameter {
  readonly name: string;
  readonly type?: Value;
  readonly interpolationType?: Value;
  readonly allowedPattern?: Value;
  readonly allowedValues?: Value;
  readonly default?: Value;
}

/** The document of a node, taken apart. */
export interface NodeDocument {
  readonly node: NodeTarget;
  readonly resource: Resource;
  readonly schemaVersion?: Value;
  readonly parameters: readonly DocumentParameter[];
  readonly steps: readonly DocumentStep[];
}

export interface DocumentStep {
  readonly action?: Value;
  /** On which machines it runs. */
  readonly precondition?: Value;
  /** Everything that the step is given. */
  readonly inputs: Properties;
  /** Its script; undefined where the template does not tell it. */
  readonly script?: string;
}

type Properties = { readonly [key: string]: Value };

/** The document of each node; one that no template makes is found among the names. */
export const documentsOf = ({ manifest, resources }: Artefacts): readonly NodeDocument[] =>
  nodesOf(manifest).flatMap((node) =>
    besideNode(node, resources, 'AWS::SSM::Document')
      .filter(({ properties }) => properties.Name === node.spec.document)
      .map((resource) => read(node, resource)),
  );

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html */
function read(node: NodeTarget, resource: Resource): NodeDocument {
  const { schemaVersion, parameters, mainSteps } = record(resource.properties.Content);
  return {
    node,
    resource,
    ...(schemaVersion !== undefined && { schemaVersion }),
    parameters: Object.entries(record(parameters)).map(([name, value]) => ({ ...record(value), name })),
    steps: list(mainSteps).map((step) => {
      const { action, inputs, precondition } = record(step);
      const script = scriptOf(record(inputs).runCommand);
      return {
        ...(action !== undefined && { action }),
        ...(precondition !== undefined && { precondition }),
        inputs: record(inputs),
        ...(script !== undefined && { script }),
      };
    }),
  };
}

/** Lines of a script; one that is put together when the stack is deployed cannot be told. */
function scriptOf(value: Value | undefined): string | undefined {
  const lines = list(value);
  return lines.length > 0 && lines.every((line) => typeof line === 'string') ? lines.join('\n') : undefined;
}

export const list = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [];

export const record = (value: Value | undefined): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};
