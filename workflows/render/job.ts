import type { YAMLMap } from 'yaml';
import type { Concurrency, Matrix, Permission, PlannedJob } from '../plan/model';
import { empty, explain, inline, list, mapping, plainMapping, scalar } from './nodes';
import { stepNode } from './step';

/** One job, its keys in GitHub's order. */
export function jobNode(job: PlannedJob): YAMLMap {
  const [runner, ...moreLabels] = job.runsOn;
  const node = mapping([
    ['name', job.name],
    ['needs', job.needs.length > 0 ? inline(job.needs) : undefined],
    ['if', job.condition],
    ['strategy', job.matrix && strategyNode(job.matrix)],
    ['runs-on', moreLabels.length > 0 ? inline(job.runsOn) : runner],
    ['environment', job.environment === undefined ? undefined : mapping([['name', job.environment]])],
    ['timeout-minutes', job.timeoutMinutes],
    ['permissions', permissionsNode(job.permissions)],
    ['concurrency', concurrencyNode(job.concurrency)],
    ['outputs', plainMapping(job.outputs)],
    ['steps', list(job.steps.map(stepNode), { spaced: true })],
  ]);
  if (job.reason) explain(node, job.condition === undefined ? 'environment' : 'if', job.reason);
  return node;
}

export function concurrencyNode({ group, cancelInProgress }: Concurrency): YAMLMap {
  return mapping([
    ['group', group],
    ['cancel-in-progress', cancelInProgress],
  ]);
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategy */
function strategyNode({ axes, exclude, maxParallel }: Matrix): YAMLMap {
  const excluded = exclude.map(({ values, reason }) => {
    const node = mapping(Object.entries(values));
    node.commentBefore = reason.map((line) => ` ${line}`).join('\n');
    return node;
  });
  return mapping([
    ['fail-fast', false],
    ['max-parallel', maxParallel],
    [
      'matrix',
      mapping([
        ...Object.entries(axes).map(([axis, values]) => [axis, inline(values)] as const),
        ['exclude', excluded.length > 0 ? list(excluded) : undefined],
      ]),
    ],
  ]);
}

function permissionsNode(permissions: readonly Permission[]): YAMLMap {
  if (permissions.length === 0) return empty();
  return mapping(permissions.map(({ scope, access, reason }) => [scope, scalar(access, reason)]));
}
