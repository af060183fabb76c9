import type { DeployManifest } from '../../contract';
import type { IamReference } from '../iam';
import { rolesOf, type TemplateRole } from './role';
import { type Resource, resourcesOf, type TemplateSource } from './template';
import { parseWorkflow, type Workflow, type WorkflowSource } from './workflow';

export * from './role';
export * from './template';
export * from './workflow';

/** What the proofs read, as it lies on disk. */
export interface ArtefactSources {
  readonly manifest: DeployManifest;
  readonly templates: readonly TemplateSource[];
  readonly workflows: readonly WorkflowSource[];
}

/** What the proofs read, parsed once. */
export interface Artefacts {
  readonly manifest: DeployManifest;
  readonly resources: readonly Resource[];
  readonly roles: readonly TemplateRole[];
  readonly workflows: readonly Workflow[];
  /** What AWS documents about actions; the proofs about calls need it. */
  readonly reference?: IamReference;
}

export function readArtefacts(sources: ArtefactSources, reference?: IamReference): Artefacts {
  const { manifest, templates, workflows } = sources;
  const resources = templates.flatMap(resourcesOf);
  return {
    manifest,
    resources,
    roles: rolesOf(resources),
    workflows: workflows.map(parseWorkflow),
    ...(reference && { reference }),
  };
}
