import { createSpinner, type Spinner } from 'nanospinner';
import pc from 'picocolors';
import type { EventLevel } from '../../contract/deployer';
import { ERRORS, formatFault } from '../../contract/errors';
import type { Environment } from '../environment';
import type { TextStream } from '../ports';
import type { Renderer, Report } from '../report';
import { imagesOf } from '../version-content';
import { printable } from './printable';
import { sectionLines } from './section-lines';

const MARKS: Readonly<Record<EventLevel, string>> = {
  info: '•',
  progress: '…',
  success: '✔',
  warning: '▲',
  error: '✖',
};

/**
 * Progress on stderr, the result on stdout. A terminal shows the latest progress in one line that is
 * overwritten; a pipe gets plain lines.
 */
export function terminalRenderer(environment: Environment, stdout: TextStream, stderr: TextStream): Renderer {
  const colors = (stream: TextStream) => pc.createColors(environment.color ?? stream.isTTY === true);
  const err = colors(stderr);
  const out = colors(stdout);
  const spinner = liveLine(stderr);
  const paint: Readonly<Record<EventLevel, (text: string) => string>> = {
    info: (text) => text,
    progress: err.dim,
    success: err.green,
    warning: err.yellow,
    error: err.red,
  };
  return {
    phase: (title) => {
      spinner.stop();
      stderr.write(`${err.bold(printable(title))}\n`);
    },
    event: ({ level, message: said }) => {
      const message = printable(said);
      if (level === 'progress' && spinner.show(message)) return;
      spinner.stop();
      stderr.write(`${paint[level](`${MARKS[level]} ${message}`)}\n`);
    },
    report: (report) => {
      spinner.stop();
      stdout.write(reportText(report, out));
    },
    failure: (error) => {
      spinner.stop();
      const lines = error.faults.map((fault) => `  ${printable(formatFault(fault))}`);
      stderr.write(
        [
          `${err.red(`${MARKS.error} ${error.code}`)}: ${ERRORS[error.code].meaning}`,
          ...lines,
          `  ${ERRORS[error.code].remedy}`,
          '',
        ].join('\n'),
      );
    },
  };
}

type Colors = ReturnType<typeof pc.createColors>;

function reportText({ title, facts, checks, diagnoses, history, sections }: Report, colors: Colors): string {
  const width = Math.max(0, ...facts.map(([label]) => label.length));
  const lines = [
    colors.bold(printable(title)),
    ...facts.map(([label, value]) => `  ${colors.dim(label.padEnd(width))}  ${printable(value)}`),
    ...(checks ?? []).map(({ name, passed, detail }) => {
      const mark = passed ? colors.green(MARKS.success) : colors.red(MARKS.error);
      return `  ${mark} ${name}: ${printable(detail)}`;
    }),
    ...(diagnoses ?? []).flatMap(({ source, cause, evidence, remedy }) => [
      '',
      `  ${colors.red(printable(cause))} ${colors.dim(`(${printable(source)})`)}`,
      ...evidence.map((line) => `    ${colors.dim('│')} ${printable(line)}`),
      `    ${colors.green('→')} ${printable(remedy)}`,
    ]),
    ...(history && history.length > 0
      ? ['', ...history.map((past) => `  ${printable(pastLine(past))}`)]
      : []),
    ...(sections ?? []).flatMap((section) => [
      '',
      `  ${colors.bold(printable(section.title))}`,
      ...sectionLines(section).map((line) => `  ${printable(line)}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function pastLine({ version, at, status, stable }: NonNullable<Report['history']>[number]): string {
  const parts = [...imagesOf(version), ...(version.model === undefined ? [] : [version.model])];
  const content = parts.map((each) => `  ${each}`);
  return `${at ?? ''}  ${version.name}  ${status}${stable ? ', stable' : ''}${content.join('')}`;
}

/** One line that is overwritten; nothing where the stream is no terminal. */
function liveLine(stream: TextStream): { show(text: string): boolean; stop(): void } {
  if (!isTerminal(stream)) return { show: () => false, stop: () => undefined };
  let spinner: Spinner | undefined;
  return {
    show: (text) => {
      if (spinner) spinner.update({ text });
      else spinner = createSpinner(text, { stream }).start();
      return true;
    },
    stop: () => {
      spinner?.stop();
      spinner?.clear();
      spinner = undefined;
    },
  };
}

const isTerminal = (stream: TextStream): stream is NodeJS.WriteStream =>
  stream.isTTY === true && 'cursorTo' in stream;
