import type { ScenarioReport } from '../scenarios/scenario';

/** Name of a workflow by its file: `kvs-infer-deploy` of `.github/workflows/kvs-infer-deploy.yml`. */
export function workflowName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
}

/** Name of a scenario among all workflows: `kvs-infer-deploy ecs:task-exits`. */
export function scenarioName({ workflow, name }: Pick<ScenarioReport, 'workflow' | 'name'>): string {
  return `${workflowName(workflow)} ${name}`;
}

/** Name of a role by its ARN. */
export function roleName(arn: string): string {
  return arn.slice(arn.indexOf(':role/') + ':role/'.length);
}
