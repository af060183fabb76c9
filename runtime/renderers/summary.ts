import type { Diagnosis } from '../../contract/deployer';
import { ERRORS, formatFault, type LockstepError } from '../../contract/errors';
import type { Report, Section, TimedEvent } from '../report';
import { imagesOf } from '../version-content';
import { code, codeBlock, mermaidBlock, sections, table, text } from './markdown';

/**
 * The step summary in Markdown. Everything that AWS or a container says is escaped: a log line must
 * not be able to draw a link or a heading.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
export function summaryOf(report: Report, timeline: readonly TimedEvent[]): string {
  const { title, facts, checks, diagnoses, history, failure } = report;
  if (report.summary) {
    return sections([...report.summary, failure && failureLines(failure), timelineLines(timeline)]);
  }
  const withModel = (history ?? []).some(({ version }) => version.model !== undefined);
  return sections([
    [`## ${failure ? '❌' : '✅'} ${text(title)}`],
    facts.length > 0 &&
      table(
        ['', ''],
        facts.map(([label, value]) => [text(label), code(value)]),
      ),
    ...(failure ? [failureLines(failure)] : []),
    ...(diagnoses ?? []).map(diagnosisLines),
    checks && [
      '### Checks',
      '',
      ...table(
        ['', 'check', 'found'],
        checks.map(({ name, passed, detail }) => [passed ? '✅' : '❌', text(name), text(detail)]),
      ),
    ],
    history &&
      history.length > 0 && [
        '### Deployments, newest first',
        '',
        ...table(
          ['version', 'time', 'status', 'stable', 'image', ...(withModel ? ['model'] : [])],
          history.map(({ version, at, status, stable }) => [
            code(version.name),
            text(at ?? ''),
            text(status),
            stable ? 'yes' : '',
            imagesOf(version).map(code).join(' '),
            ...(withModel ? [code(version.model ?? '')] : []),
          ]),
        ),
      ],
    ...(report.sections ?? []).map(sectionPart),
    timelineLines(timeline),
  ]);
}

/** The summary of a command that ended before it had anything to report. */
export function failureSummary(error: LockstepError, timeline: readonly TimedEvent[]): string {
  return sections([[`## ❌ ${error.code}`], failureLines(error), timelineLines(timeline)]);
}

function failureLines(error: LockstepError): readonly string[] {
  const { meaning, remedy } = ERRORS[error.code];
  return [
    `**${error.code}**: ${text(meaning)}`,
    '',
    ...error.faults.map((fault) => `- ${text(formatFault(fault))}`),
    '',
    text(remedy),
  ];
}

function diagnosisLines({ source, cause, evidence, remedy }: Diagnosis): readonly string[] {
  return [
    `### ${text(cause)}`,
    '',
    `Found in ${text(source)}. **What to do:** ${text(remedy)}`,
    ...(evidence.length > 0 ? ['', ...codeBlock(evidence)] : []),
  ];
}

function sectionPart(section: Section): readonly string[] {
  const heading = [`### ${text(section.title)}`, ''];
  if ('mermaid' in section) return [...heading, ...mermaidBlock(section.mermaid)];
  if ('lines' in section) return [...heading, ...codeBlock(section.lines)];
  return [
    ...heading,
    ...table(
      section.head,
      section.rows.map((row) => row.map(code)),
    ),
  ];
}

function timelineLines(timeline: readonly TimedEvent[]): readonly string[] | false {
  const told = timeline.filter(({ level }) => level !== 'progress');
  if (told.length === 0) return false;
  return [
    '<details><summary>Timeline</summary>',
    '',
    ...table(
      ['time (UTC)', 'event'],
      told.map(({ at, message }) => [new Date(at).toISOString().slice(11, 19), text(message)]),
    ),
    '',
    '</details>',
  ];
}
