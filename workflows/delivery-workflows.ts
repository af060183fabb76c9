import type { Project } from 'projen';
import { Component } from 'projen/lib/component';
import type { DeployManifest } from '../contract';
import { planPipelines } from './plan';
import type { PipelinePlan } from './plan/model';
import { WorkflowFile } from './workflow-file';

/** Writes every workflow that the manifest asks for. */
export class DeliveryWorkflows extends Component {
  readonly plans: readonly PipelinePlan[];

  /** @throws LockstepError when the manifest does not hang together */
  constructor(project: Project, manifest: DeployManifest) {
    super(project);
    this.plans = planPipelines(manifest);
    for (const plan of this.plans) new WorkflowFile(project, plan);
  }
}
