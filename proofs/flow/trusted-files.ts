import type { Fault } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { programsOf } from '../calls/programs';
import { commandsOf } from './commands';
import { placeOf } from './place';

const DOWNLOAD = 'actions/download-artifact';
/** A call of the command as it must be written: from the root of the repository. */
const CALL = /\bnode (?:\.\/)?\.lockstep\/cli\.mjs\b/g;
/** Words in front of a program that leave it the program. */
const BEFORE = String.raw`^(?:(?:env|command|exec|nice|nohup|sudo|time)\s+)*(?:\S*\/)?`;
const GIT = new RegExp(`${BEFORE}git\\s+(\\S+)`);
/** Programs that put files in the place of others, without naming each. */
const REPLACES = new RegExp(`${BEFORE}(?:cp|mv|ln|tar|unzip|gunzip)\\s`);
/** What git does without changing files. */
const READS: ReadonlySet<string> = new Set(
  'cat-file describe diff log ls-files ls-tree merge-base rev-list rev-parse show status'.split(' '),
);
/** Files by which a script sets variables and folders for the steps behind it, by whatever name it finds them. */
const HANDS_ON = [
  /\bGITHUB_ENV\b/,
  /\bGITHUB_PATH\b/,
  /_runner_file_commands|\bset_env|\badd_path/,
  /\$\{![A-Za-z_]\w*\}/,
];

/** A thing that a step does to files, with what it may do. */
type Touch = readonly [value: string, allowed: string, change: string];

/** Files that the steps of a job with a session trust: those of the command, variables, what was checked out. */
export function fileFaults(workflow: Workflow, job: Job, step: Step): readonly Fault[] {
  const runsCommand = commandsOf(job).length > 0;
  const touches = [
    ...handedOn(step),
    ...(runsCommand ? ofCommand(step) : []),
    ...checkedOut(step, runsCommand),
  ];
  const place = placeOf(workflow, job, step);
  return touches.map(([value, allowed, change]) => ({ place, value, allowed, change }));
}

const handedOn = ({ run = '' }: Step): readonly Touch[] =>
  HANDS_ON.flatMap((pattern) => pattern.exec(run)?.[0] ?? []).map((name) => [
    `${name} in a script`,
    'outputs of steps, which are read by name',
    'hand the value on by GITHUB_OUTPUT: what a script puts there is set for every step with the session',
  ]);

function ofCommand({ run = '', uses, with: inputs }: Step): readonly Touch[] {
  const touches: Touch[] = Object.entries(inputs)
    .filter(([input, value]) => input !== 'sparse-checkout' && value.includes('.lockstep'))
    .map(([input, value]) => [
      `${input}: ${value}`,
      'a file beside those of the command',
      `name another file in ${input}`,
    ]);
  if (run.replace(CALL, '').includes('.lockstep')) {
    touches.push([
      '.lockstep in a script that does more than run it',
      'node .lockstep/cli.mjs, as the checkout left it',
      'leave the files of the command alone',
    ]);
  }
  if (uses?.action === DOWNLOAD && !isAside(inputs.path)) {
    touches.push([
      `an artifact in ${inputs.path ?? 'the root of the repository'}`,
      'a folder below ${{ runner.temp }}',
      'set path to a folder below ${{ runner.temp }}: an artifact may hold a .lockstep of its own',
    ]);
  }
  return touches;
}

/** True for a folder beside the repository. */
const isAside = (path = ''): boolean =>
  /^\$\{\{\s*runner\.temp\s*\}\}\/[\w.-]/.test(path) && !path.includes('..');

function checkedOut({ run = '' }: Step, runsCommand: boolean): readonly Touch[] {
  return programsOf(run)
    .map(({ text }) => text)
    .filter((text) => {
      const verb = GIT.exec(text)?.[1];
      return verb === undefined ? runsCommand && REPLACES.test(text) : !READS.has(verb);
    })
    .map((text) => [
      `\`${text}\``,
      `git ${[...READS].join(', ')}, and programs that replace no files`,
      'leave the files as the checkout made them: others were not reviewed with this run',
    ]);
}
