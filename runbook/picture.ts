import { deployJobName } from '../contract';
import type { PipelinePlan, PlannedJob } from '../workflows';
import type { Place, Subject } from './subject';

/**
 * Workflows that deploy, their jobs in order, and the accounts that these reach.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function picture({ workload, places, plans }: Subject): string {
  const delivering = plans.filter(({ jobs }) =>
    jobs.some(({ name }) => places.some((place) => isDeployment(name, workload.id, place))),
  );
  return [
    '```mermaid',
    'flowchart LR',
    ...delivering.flatMap((plan, index) => jobsOf(plan, `w${index}`)),
    ...places.map(
      ({ target }) =>
        `  ${target.environment}[("${target.environment}<br/>${target.account}<br/>${target.region}")]`,
    ),
    ...delivering.flatMap(({ jobs }, index) =>
      jobs.flatMap((job) => {
        const place = places.find((each) => isDeployment(job.name, workload.id, each));
        return place ? [`  ${node(`w${index}`, job)} ==> ${place.target.environment}`] : [];
      }),
    ),
    '```',
  ].join('\n');
}

const isDeployment = (job: string, workload: string, { target }: Place): boolean =>
  job === deployJobName(workload, target.environment);

function jobsOf({ file, jobs }: PipelinePlan, prefix: string): readonly string[] {
  return [
    `  subgraph ${prefix} ["${file.replace('.github/workflows/', '')}"]`,
    ...jobs.map((job) => `    ${node(prefix, job)}["${job.name}"]`),
    ...jobs.flatMap((job) =>
      direct(job, jobs).map((need) => `    ${prefix}-${need} ${waits(job)} ${node(prefix, job)}`),
    ),
    '  end',
  ];
}

const node = (prefix: string, { id }: PlannedJob): string => `${prefix}-${id}`;

/** A job that runs whatever came of others, or only when one failed, hangs on dotted lines. */
const waits = (job: PlannedJob): string => (runsAnyway(job) ? '-.->' : '-->');

const runsAnyway = ({ condition = '' }: PlannedJob): boolean =>
  /(?:failure|cancelled|always)\(\)/.test(condition);

/** Needs that no other need has itself; a job that runs whatever came of them has each of them. */
function direct(job: PlannedJob, jobs: readonly PlannedJob[]): readonly string[] {
  const { needs } = job;
  if (runsAnyway(job)) return needs;
  const implied = new Set(needs.flatMap((need) => jobs.find(({ id }) => id === need)?.needs ?? []));
  return needs.filter((need) => !implied.has(need));
}
