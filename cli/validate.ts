import { type Fault, MANIFEST_PATH } from '../contract';
import {
  type ArtefactSources,
  parseWorkflow,
  type ProofCode,
  PROOFS,
  prove,
  readForProofs,
  type Workflow,
  type WorkflowSource,
} from '../proofs';
import { actionlintJudge } from './actionlint';
import { driftOf, type GeneratedFile } from './drift';
import { githubParser } from './github-parser';
import type { FileFinding, Judge } from './judge';
import type { Paint } from './local-command';
import { shellcheckJudge } from './shellcheck';

const PLATFORM_FILE = 'platform.config.ts';

/** The shape that `lockstep validate --json` prints. */
export interface ValidationReport {
  readonly files: readonly FileReport[];
  /** Judges that are not installed here. */
  readonly skipped: readonly string[];
}

interface FileReport {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly findings: readonly FileFinding[];
}

export interface ValidationInput {
  /** Workflow files that the generator would write now. */
  readonly emitted: readonly WorkflowSource[];
  /** Workflow files on disk, foreign ones included. */
  readonly onDisk: readonly WorkflowSource[];
  /** What else the generator writes and the workflows need. @default - nothing */
  readonly generated?: readonly GeneratedFile[];
  /** Manifest and templates of the platform file. */
  readonly sources: Omit<ArtefactSources, 'workflows'>;
  /** @default - GitHub's parser, actionlint, and shellcheck where it is installed */
  readonly judges?: readonly Judge[];
}

/** Judges of any workflow file. */
const JUDGES: readonly Judge[] = [githubParser, actionlintJudge, shellcheckJudge()];

/** Proofs that hold for any workflow file, and those that hold for one that assumes a role of the platform. */
const FOR_EVERY_FILE: readonly ProofCode[] = ['P11', 'P12'];
const FOR_SIGNED_IN: readonly ProofCode[] = ['P02', 'P04'];

/** Judges the workflow files on disk, hand edits and foreign workflows included. */
export async function validate(input: ValidationInput): Promise<ValidationReport> {
  const { emitted, onDisk, generated = [], judges = JUDGES } = input;
  const workflows = onDisk.map(parseWorkflow);
  const installed = judges.filter((judge) => judge.installed());
  const verdicts = await Promise.all(installed.map((judge) => judge.judge(workflows)));
  const all: readonly FileReport[] = [
    ...generatedFiles(input).map((file) => ({ file: file.file, findings: driftOf(file) })),
    ...workflows.map((workflow) => ({ file: workflow.file, findings: staleness(workflow, emitted) })),
    ...workflows.map(({ file, errors }) => ({ file, findings: errors.map(yamlFinding) })),
    ...verdicts.flatMap((verdict) =>
      workflows.map(({ file }, index) => ({ file, findings: verdict[index] ?? [] })),
    ),
    ...(await proved(input, workflows)),
  ];
  const files = [
    ...new Set([PLATFORM_FILE, ...generated.map(({ file }) => file), ...all.map(({ file }) => file)]),
  ];
  return {
    files: files.sort().map((file) => ({
      file,
      findings: inOrder(all.filter((report) => report.file === file).flatMap(({ findings }) => findings)),
    })),
    skipped: judges.filter((judge) => !installed.includes(judge)).map(({ name }) => name),
  };
}

/** Everything that the generator writes and that is looked at here. */
const generatedFiles = ({ emitted, onDisk, generated = [] }: ValidationInput): readonly GeneratedFile[] => [
  ...generated,
  ...emitted.map(({ file, text }) => ({
    file,
    wanted: text,
    text: onDisk.find((workflow) => workflow.file === file)?.text,
  })),
];

const isStale = ({ file, text }: Workflow, emitted: readonly WorkflowSource[]): boolean =>
  text.startsWith('# Written by Lockstep') && !emitted.some((workflow) => workflow.file === file);

const staleness = (workflow: Workflow, emitted: readonly WorkflowSource[]): readonly FileFinding[] =>
  isStale(workflow, emitted)
    ? [
        {
          line: 1,
          code: 'stale',
          message: 'no workload of the platform file gives this workflow',
          change: 'run `npx projen`, which removes it',
        },
      ]
    : [];

const yamlFinding = ({ line, message }: Workflow['errors'][number]): FileFinding => ({
  line,
  code: 'yaml',
  message,
  change: 'correct the YAML',
});

/** What the proofs find, in the files of this platform and in those that others wrote. */
async function proved(
  { emitted, sources }: ValidationInput,
  workflows: readonly Workflow[],
): Promise<readonly FileReport[]> {
  // Where a file of ours cannot be read, what should stand there takes its place: its absence is one
  // finding, and not one for each role that no job would seem to use.
  const own = emitted.map(
    (wanted) => workflows.find(({ file, errors }) => file === wanted.file && errors.length === 0) ?? wanted,
  );
  const foreign = workflows.filter(
    (workflow) =>
      !emitted.some(({ file }) => file === workflow.file) &&
      !isStale(workflow, emitted) &&
      workflow.errors.length === 0,
  );
  const signedIn = foreign.filter(({ text }) => sources.manifest.roles.some(({ arn }) => text.includes(arn)));
  const of = (workflow: readonly WorkflowSource[], codes?: readonly ProofCode[]) =>
    proofFindings({ ...sources, workflows: workflow }, codes);
  const others = [...(await of(foreign, FOR_EVERY_FILE)), ...(await of(signedIn, FOR_SIGNED_IN))];
  return [
    ...(await of(own)),
    // Of a foreign file it is no fault that it gives a proof nothing to check, or leaves a grant unused.
    ...others.filter(({ file }) => foreign.some((workflow) => workflow.file === file)),
  ];
}

async function proofFindings(
  sources: ArtefactSources,
  codes?: readonly ProofCode[],
): Promise<readonly FileReport[]> {
  if (sources.workflows.length === 0) return [];
  const proofs = codes ? PROOFS.filter(({ code }) => codes.includes(code)) : PROOFS;
  return prove(await readForProofs(sources), proofs).flatMap(({ code, findings }) =>
    findings.map((fault) => locate(code, fault)),
  );
}

/**
 * The file in which a finding is mended. What stands in no file of the repository, such as a role of a
 * template, the platform file gives.
 */
function locate(code: ProofCode, { place, value, allowed, change }: Fault): FileReport {
  const [whole, workflow, line = '1'] = /^(\.github\/\S+?\.ya?ml)(?::(\d+))?\s*/.exec(place) ?? [];
  const file = workflow ?? (place.startsWith(MANIFEST_PATH) ? MANIFEST_PATH : PLATFORM_FILE);
  const where = whole === undefined ? place : place.slice(whole.length);
  const message = `${where} got ${value}; allowed: ${allowed}`.trim();
  return { file, findings: [{ line: Number(line), code, message, change }] };
}

const ABOUT_THE_FILE: readonly string[] = ['missing', 'stale', 'drift'];

/** What speaks of the file as a whole comes first: it is often the cause of the rest. Then by line. */
function inOrder(findings: readonly FileFinding[]): readonly FileFinding[] {
  const rank = ({ code }: FileFinding) => (ABOUT_THE_FILE.includes(code) ? 0 : 1);
  return [...findings].sort((a, b) => rank(a) - rank(b) || a.line - b.line);
}

export const isClean = ({ files }: ValidationReport): boolean =>
  files.every(({ findings }) => findings.length === 0);

/** The report as a person reads it: a line for each file, and below it what to mend. */
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
