import type { PlannedJob } from '../../workflows';
import { GITHUB_API_DOWN } from '../faults/notice-faults';
import { releasedTo } from './beginnings';
import { expectation, type RehearsedWorkflow, scenario } from './compose';
import type { Scenario } from './scenario';

/** Days that somebody asks for. */
const DAYS = '30';

/** Figures of deliveries: they begin where a workload was released twice to each of its environments. */
export function figureScenarios(workflow: RehearsedWorkflow, { id }: PlannedJob): readonly Scenario[] {
  const workload = workflow.manifest.workloads.find(({ delivery }) => delivery === 'throughEnvironments');
  const last = workload?.environments.at(-1);
  if (!workload || last === undefined) return [];
  const rows = workload.environments.map(
    (name) => `<code>${workload.id} in ${name}</code> | <code>2</code> | <code>100 %</code>`,
  );
  const measured = { ...expectation(workflow, {}, {}), summary: { [id]: [...rows, 'xychart-beta'] } };
  const beginning = releasedTo(workload, last);
  return [
    scenario(
      workflow,
      'weekly',
      'the week is over, and two commits went through every environment',
      measured,
      {
        beginning,
        request: { event: 'schedule' },
      },
    ),
    scenario(workflow, 'by-hand', 'somebody asks for a month', measured, {
      beginning,
      request: { event: 'workflow_dispatch', inputs: { days: DAYS } },
    }),
    scenario(
      workflow,
      GITHUB_API_DOWN.name,
      `${GITHUB_API_DOWN.title}: there are no figures, and the job says why`,
      {
        ...expectation(workflow, { [id]: 'failure' }, {}),
        log: { [id]: ['GithubCallFailed', 'status 503'] },
      },
      { beginning, request: { event: 'schedule' }, faults: [{ name: GITHUB_API_DOWN.name }] },
    ),
  ];
}
