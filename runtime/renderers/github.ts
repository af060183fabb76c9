import { ERRORS, formatFault } from '../../contract/errors';
import type { TextStream } from '../ports';
import type { Renderer, Report, TimedEvent } from '../report';
import { printable } from './printable';
import { sectionLines } from './section-lines';

/**
 * Workflow commands on stdout: one group per phase, annotations for what a reader must see.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubRenderer(stdout: TextStream): Renderer {
  let open = false;
  const endGroup = () => {
    if (open) stdout.write('::endgroup::\n');
    open = false;
  };
  return {
    phase: (title) => {
      endGroup();
      stdout.write(`::group::${escapeData(title)}\n`);
      open = true;
    },
    event: (event) => {
      stdout.write(`${clockTime(event)} ${plain(event.message)}\n`);
      if (event.level === 'warning') stdout.write(annotation('warning', event.code, event.message));
    },
    report: (report) => {
      endGroup();
      stdout.write(reportLines(report));
    },
    failure: (error) => {
      endGroup();
      const text = [...error.faults.map(formatFault), ERRORS[error.code].remedy].join('\n');
      stdout.write(annotation('error', error.code, text));
    },
  };
}

function reportLines({ title, facts, checks, diagnoses, history, sections, failure }: Report): string {
  const lines = [
    `  ${title}`,
    ...facts.map(([label, value]) => `  ${label}: ${value}`),
    ...(checks ?? []).map(({ name, passed, detail }) => `  ${passed ? '✔' : '✖'} ${name}: ${detail}`),
    ...(diagnoses ?? []).flatMap(({ source, cause, evidence, remedy }) => [
      `  ${cause} (${source})`,
      ...evidence.map((line) => `    │ ${line}`),
      `    → ${remedy}`,
    ]),
    ...(history ?? []).map(
      ({ version, status, stable }) => `  ${version.name} ${status}${stable ? ', stable' : ''}`,
    ),
    ...(sections ?? []).flatMap((section) => [
      `  ${section.title}`,
      ...sectionLines(section).map((line) => `    ${line}`),
    ]),
  ];
  const causes = (diagnoses ?? []).map(({ cause, remedy }) => annotation('error', cause, remedy));
  const notice = failure ? [] : [annotation('notice', 'Lockstep', title)];
  return [...lines.map((line) => `${plain(line)}\n`), ...causes, ...notice].join('');
}

export function annotation(kind: 'notice' | 'warning' | 'error', title: string, message: string): string {
  return `::${kind} title=${escapeProperty(title)}::${escapeData(message)}\n`;
}

/** Text that the runner must not take for a workflow command, in either of its two forms. */
export function plain(text: string): string {
  const oneLine = printable(text).replaceAll('##[', '## [');
  return oneLine.trimStart().startsWith('::') ? `│ ${oneLine}` : oneLine;
}

export function escapeData(text: string): string {
  // Line breaks are kept, as the escapes that the runner knows.
  const parts = text.split(/([\r\n])/).map((part) => (/[\r\n]/.test(part) ? part : printable(part)));
  return parts.join('').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const clockTime = ({ at }: TimedEvent): string => new Date(at).toISOString().slice(11, 19);
