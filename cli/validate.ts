import type { Fault } from '../contract';
import {
  type ArtefactSources,
  parseWorkflow,
  type ProofCode,
  PROOFS,
  prove,
  readForProofs,
  type WorkflowSource,
} from '../proofs';
import { actionlint } from './actionlint';
import type { Paint } from './local-command';
import { hasShellcheck, shellcheck } from './shellcheck';

/** Something to mend in a workflow file on disk. */
export interface FileFinding {
  readonly line: number;
  /** Proof, linter or rule that found it. */
  readonly code: string;
  readonly message: string;
  readonly change: string;
}

/** The shape that `lockstep validate --json` prints. */
export interface ValidationReport {
  readonly files: readonly { readonly file: string; readonly findings: readonly FileFinding[] }[];
  /** Judges that are not installed here. */
  readonly skipped: readonly string[];
}

export interface ValidationInput {
  /** What the generator would write now. */
  readonly emitted: readonly WorkflowSource[];
  /** What lies on disk, foreign workflows included. */
  readonly onDisk: readonly WorkflowSource[];
  /** Manifest and templates of the platform file. */
  readonly sources: Omit<ArtefactSources, 'workflows'>;
}

/** Proofs that hold for any workflow file; the others speak of what Lockstep emits. */
const FOR_EVERY_FILE: readonly ProofCode[] = ['P11', 'P12'];

/** Judges the workflow files on disk, hand edits and foreign workflows included. */
export async function validate({ emitted, onDisk, sources }: ValidationInput): Promise<ValidationReport> {
  const own = onDisk.filter(({ file }) => emitted.some((workflow) => workflow.file === file));
  const foreign = onDisk.filter((workflow) => !own.includes(workflow));
  const proved = [
    ...(await proofFindings({ ...sources, workflows: own })),
    ...(
      await Promise.all(
        foreign.map((workflow) => proofFindings({ ...sources, workflows: [workflow] }, FOR_EVERY_FILE)),
      )
    ).flat(),
  ];
  const linted = actionlint(onDisk.map(({ text }) => text));
  const withShellcheck = hasShellcheck();
  const present = onDisk.map((workflow, index) => {
    const parsed = parseWorkflow(workflow);
    return {
      file: workflow.file,
      findings: inOrder([
        ...parsed.errors.map(({ line, message }) => ({
          line,
          code: 'yaml',
          message,
          change: 'correct the YAML',
        })),
        ...driftOf(workflow, emitted),
        ...(linted[index] ?? []).map((found) => ({
          ...found,
          code: 'actionlint',
          change: 'see the checks of actionlint',
        })),
        ...(withShellcheck
          ? shellcheck(parsed).map((found) => ({
              ...found,
              change: `see https://www.shellcheck.net/wiki/${found.code}`,
            }))
          : []),
        ...proved.filter(({ file }) => file === workflow.file).map(({ finding }) => finding),
      ]),
    };
  });
  const missing = emitted
    .filter(({ file }) => !onDisk.some((workflow) => workflow.file === file))
    .map(({ file }) => ({
      file,
      findings: [{ line: 1, code: 'missing', message: 'the file is not there', change: 'run `npx projen`' }],
    }));
  return { files: [...present, ...missing], skipped: withShellcheck ? [] : ['shellcheck'] };
}

/** The first line at which a file differs from what the generator would write. */
function driftOf({ file, text }: WorkflowSource, emitted: readonly WorkflowSource[]): FileFinding[] {
  const planned = emitted.find((workflow) => workflow.file === file);
  if (!planned) {
    return text.startsWith('# Written by Lockstep')
      ? [
          {
            line: 1,
            code: 'stale',
            message: 'no workload of the platform file gives this workflow',
            change: 'run `npx projen`, which removes it',
          },
        ]
      : [];
  }
  if (planned.text === text) return [];
  const [ours, theirs] = [planned.text.split('\n'), text.split('\n')];
  const index = theirs.findIndex((line, at) => line !== ours[at]);
  const at = index < 0 ? theirs.length - 1 : index;
  return [
    {
      line: at + 1,
      code: 'drift',
      message: `got ${JSON.stringify(theirs[at] ?? '')}, the platform file gives ${JSON.stringify(ours[at] ?? '')}`,
      change: 'change platform.config.ts and run `npx projen`; edits of this file are lost',
    },
  ];
}

async function proofFindings(
  sources: ArtefactSources,
  codes?: readonly ProofCode[],
): Promise<readonly { readonly file: string; readonly finding: FileFinding }[]> {
  const artefacts = await readForProofs(sources);
  const proofs = codes ? PROOFS.filter(({ code }) => codes.includes(code)) : PROOFS;
  return prove(artefacts, proofs).flatMap(({ code, findings }) =>
    findings.flatMap((fault) => {
      const [, file, line] = /^(\.github\/\S+?\.ya?ml)(?::(\d+))?/.exec(fault.place) ?? [];
      return file === undefined ? [] : [{ file, finding: findingOf(code, Number(line ?? 1), fault) }];
    }),
  );
}

const findingOf = (code: string, line: number, { place, value, allowed, change }: Fault): FileFinding => ({
  line,
  code,
  message: `${place.replace(/^\S+\s*/, '')} got ${value}; allowed: ${allowed}`.trim(),
  change,
});

const inOrder = (findings: readonly FileFinding[]): readonly FileFinding[] =>
  [...findings].sort((a, b) => a.line - b.line);

export function renderValidation({ files, skipped }: ValidationReport, paint: Paint): string {
  const lines = files.flatMap(({ file, findings }) =>
    findings.length === 0
      ? [`${paint.green('✔')} ${file}`]
      : [
          `${paint.red('✖')} ${file}`,
          ...findings.flatMap(({ line, code, message, change }) => [
            `    ${paint.bold(`${file}:${line}`)} ${paint.red(code)} ${message}`,
            `      change  ${change}`,
          ]),
        ],
  );
  const notes = skipped.map((tool) => paint.dim(`${tool} is not installed: its checks were left out`));
  return ['', ...lines, ...notes, '', ''].join('\n');
}
