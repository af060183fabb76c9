import { expectation, type RehearsedWorkflow, scenario } from './compose';
import type { Scenario } from './scenario';

/** A workflow that touches no target, such as the check of the repository: each of its triggers, on its good path. */
export function otherScenarios(workflow: RehearsedWorkflow): readonly Scenario[] {
  const { push, pullRequest } = workflow.shape.plan.triggers;
  const good = expectation(workflow, {}, {});
  const beginning = 'stacksDeployed';
  return [
    ...(push ? [scenario(workflow, 'push', 'a commit is pushed', good, { beginning })] : []),
    ...(pullRequest
      ? [
          scenario(workflow, 'pull-request', 'a pull request of a fork is opened', good, {
            beginning,
            request: { event: 'pull_request', ref: 'refs/pull/7/merge', fromFork: true },
          }),
        ]
      : []),
  ];
}
