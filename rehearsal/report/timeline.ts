import type { Conclusion, JobResult } from '../github/run-result';
import type { ScenarioReport } from '../scenarios/scenario';
import { ran } from './calls-by-job';
import { scenarioName } from './names';
import { virtualTime } from './virtual-time';

/** How Mermaid colours a bar. */
const TAG: Readonly<Record<Conclusion, string>> = {
  success: 'done',
  failure: 'crit',
  cancelled: 'active',
  skipped: 'milestone',
};

/** Any day will do: the axis shows times only. No clock change falls on it. */
const DAY = Date.UTC(2026, 10, 20);

/**
 * The jobs of a scenario as a Gantt chart of Mermaid over virtual time. Jobs that were skipped are left out.
 *
 * @see https://mermaid.js.org/syntax/gantt.html
 */
export function timeline(report: ScenarioReport): string {
  const { startedAt, title } = report;
  return [
    'gantt',
    `  title ${label(`${scenarioName(report)}: ${title}`)}`,
    '  dateFormat YYYY-MM-DD HH:mm:ss',
    '  axisFormat %H:%M:%S',
    '  todayMarker off',
    ...report.jobs.filter(ran).flatMap((job, index) => [
      `  section ${label(job.id)}`,
      // A bar is named by its result: a text of the workflow could begin with a keyword.
      `  ${job.result} ${virtualTime(job.endedAt - job.startedAt).replaceAll(':', '#58;')} :${TAG[job.result]}, j${index}, ${moments(job, startedAt)}`,
    ]),
    '',
  ].join('\n');
}

function moments({ startedAt, endedAt }: JobResult, beginning: number): string {
  // A bar needs a length.
  const end = Math.max(endedAt, startedAt + 1_000);
  return [startedAt, end]
    .map((at) => new Date(DAY + at - beginning).toISOString().slice(0, 19).replace('T', ' '))
    .join(', ');
}

/**
 * Text that no lexer of Mermaid reads as anything else: all but letters, digits and a few signs become its
 * numeric entities.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
function label(text: string): string {
  const escaped = text
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[^\p{L}\p{N} _.()-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
  return escaped === '' ? '-' : escaped;
}
