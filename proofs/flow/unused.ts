import type { Fault } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { commandsOfStep } from './commands';
import type { Declarations } from './declarations';
import type { Occurring } from './expressions-in';
import { placeOf } from './place';
import { namesVariable, outputsOfScript } from './scripts';

/** Programs that read variables which no script names. */
const READERS: readonly { readonly program: RegExp; readonly variables: RegExp }[] = [
  { program: /\bgh\b/, variables: /^(?:GH|GITHUB)_/ },
  { program: /\baws\b|\.lockstep\/cli\.mjs/, variables: /^(?:AWS|LOCKSTEP)_/ },
  { program: /\.lockstep\/cli\.mjs (?:notify|metrics)\b/, variables: /^GITHUB_TOKEN$/ },
];

/** Something that is declared, and how a read of it looks. */
interface Declared {
  readonly place: string;
  readonly what: string;
  readonly used: boolean;
}

/** Everything that a workflow declares and that nothing reads. */
export function unusedFaults(
  workflow: Workflow,
  declared: Declarations,
  expressions: readonly Occurring[],
): ProofResult {
  const all = [
    ...inputs(workflow, declared, expressions),
    ...workflow.jobs.flatMap((job) => ofJob(workflow, job, declared, expressions)),
    ...declared.env.map((name) => ({
      place: placeOf(workflow),
      what: `env ${name}`,
      used:
        workflow.jobs.some((job) => job.steps.some((step) => reads(step, name))) ||
        named(expressions, ['env', name]),
    })),
  ];
  const findings = all.filter(({ used }) => !used).map(unused);
  return { checked: all.length, findings };
}

const unused = ({ place, what }: Declared): Fault => ({
  place,
  value: `${what}, which nothing reads`,
  allowed: 'what is declared is used: a name that is left over hides the one that is meant',
  change: `remove ${what}, or read it where it was meant`,
});

function inputs(workflow: Workflow, declared: Declarations, expressions: readonly Occurring[]): Declared[] {
  return declared.inputs.map(({ name, line }) => ({
    place: `${workflow.file}:${line}`,
    what: `input ${name}`,
    used: named(expressions, ['inputs', name]) || named(expressions, ['github', 'event', 'inputs', name]),
  }));
}

function ofJob(
  workflow: Workflow,
  job: Job,
  declared: Declarations,
  expressions: readonly Occurring[],
): Declared[] {
  const within = expressions.filter((one) => one.job === job);
  const called = workflow.triggers.some(({ event }) => event === 'workflow_call');
  return [
    ...Object.keys(job.outputs).map((name) => ({
      place: placeOf(workflow, job),
      what: `output ${name}`,
      used:
        named(expressions, ['needs', job.id, 'outputs', name]) ||
        (called && named(expressions, ['jobs', job.id, 'outputs', name])),
    })),
    ...Object.keys(job.env).map((name) => ({
      place: placeOf(workflow, job),
      what: `env ${name}`,
      used: job.steps.some((step) => reads(step, name)) || named(within, ['env', name]),
    })),
    ...job.steps.flatMap((step) => ofStep(workflow, job, step, declared, within)),
  ];
}

function ofStep(
  workflow: Workflow,
  job: Job,
  step: Step,
  { secrets }: Declarations,
  within: readonly Occurring[],
): Declared[] {
  const place = placeOf(workflow, job, step);
  const { id } = step;
  const ids = id === undefined ? [] : [{ place, what: `id ${id}`, used: named(within, ['steps', id]) }];
  const outputs =
    step.run === undefined
      ? []
      : outputsOfScript(step.run).names.map((name) => ({
          place,
          what: `output ${name}`,
          used: id !== undefined && named(within, ['steps', id, 'outputs', name]),
        }));
  // Which variables an action reads is not known.
  const env = step.run === undefined ? [] : Object.keys(step.env);
  const own = within.filter((one) => one.step === step);
  // The command that tells people reads the secrets of its channels by their own names.
  const channels = commandsOfStep(step).some(({ verb }) => verb === 'notify') ? secrets : [];
  return [
    ...ids,
    ...outputs,
    ...env.map((name) => ({
      place,
      what: `env ${name}`,
      used: reads(step, name) || channels.includes(name) || named(own, ['env', name]),
    })),
  ];
}

const reads = ({ run = '' }: Step, name: string): boolean =>
  namesVariable(run, name) ||
  READERS.some(({ program, variables }) => variables.test(name) && program.test(run));

/** Whether an expression reads a path, or something below or around it. */
function named(expressions: readonly Occurring[], path: readonly string[]): boolean {
  return expressions.some(
    ({ parsed }) =>
      'reads' in parsed &&
      parsed.reads.some((read) =>
        path.every((part, index) => {
          const found = read[index];
          return found === undefined || found === '*' || found.toLowerCase() === part.toLowerCase();
        }),
      ),
  );
}
