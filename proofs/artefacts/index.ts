import type { DeployManifest } from '../../contract';
import type { IamReference, RequestContext } from '../iam';
import { rolesOf, type TemplateRole } from './role';
import { type Resource, resourcesOf, type TemplateSource } from './template';
import { parseWorkflow, type Workflow, type WorkflowSource } from './workflow';

export * from './role';
export * from './template';
export * from './value';
export * from './workflow';

/** What the proofs read, as it lies on disk. */
export interface ArtefactSources {
  readonly manifest: DeployManifest;
  readonly templates: readonly TemplateSource[];
  readonly workflows: readonly WorkflowSource[];
  /** Other files that verbs read or that templates hold; `filesToRead` says which. @default - none */
  readonly files?: readonly FileSource[];
}

/** A file of the repository. */
export interface FileSource {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** A call that a role made in a rehearsal, allowed or not. */
export interface RehearsedCall {
  /** ARN of the role. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the request carried. */
  readonly context: RequestContext;
  /** Scenario and step that made it. */
  readonly place: string;
}

/** What the proofs read, parsed once. */
export interface Artefacts {
  readonly manifest: DeployManifest;
  readonly resources: readonly Resource[];
  readonly roles: readonly TemplateRole[];
  readonly workflows: readonly Workflow[];
  /** Text of the other files, by their path from the repository's root. */
  readonly files: ReadonlyMap<string, string>;
  /** What AWS documents about actions; the proofs about calls need it. */
  readonly reference?: IamReference;
  /**
   * Calls that a rehearsal of every workflow saw. Evidence beside the files: with it, the proofs about calls
   * also compare what steps declare with what they did.
   *
   * @default - nothing was rehearsed, and nothing is said about it
   */
  readonly rehearsed?: readonly RehearsedCall[];
}

const PARSED = new WeakMap<WorkflowSource, Workflow>();

/** Whoever proves one change after the other has the files that stay the same parsed once. */
function parsed(source: WorkflowSource): Workflow {
  const known = PARSED.get(source) ?? parseWorkflow(source);
  PARSED.set(source, known);
  return known;
}

export function readArtefacts(sources: ArtefactSources, reference?: IamReference): Artefacts {
  const { manifest, templates, workflows, files = [] } = sources;
  const resources = templates.flatMap(resourcesOf);
  return {
    manifest,
    resources,
    roles: rolesOf(resources),
    workflows: workflows.map(parsed),
    files: new Map(files.map(({ path, text }) => [path, text])),
    ...(reference && { reference }),
  };
}
