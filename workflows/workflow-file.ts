import type { Project } from 'projen';
import { FileBase } from 'projen/lib/file';
import type { PipelinePlan } from './plan/model';
import { renderWorkflow } from './render/yaml';

/**
 * The file of one planned workflow. It is committed, read-only and listed among projen's files, so that it
 * disappears with its workload. Its head names the file to change instead of projen's marker.
 */
export class WorkflowFile extends FileBase {
  constructor(
    project: Project,
    private readonly plan: PipelinePlan,
  ) {
    super(project, plan.file, { marker: false });
  }

  protected synthesizeContent(): string {
    return renderWorkflow(this.plan);
  }
}
