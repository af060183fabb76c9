import type { Fault, Quality } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { workingDirectory } from './command-script';
import type { Gate } from './gate';
import { record } from './occurrences';
import { placeOf } from './place';
import { type Suite, suitesOf } from './test-suites';

const CHECKOUT = 'actions/checkout';

/** What the tests of a workload are made of, each of which must have passed. */
export function testGates(workflow: Workflow, workload: string, quality: Quality): readonly Gate[] {
  const suites = suitesOf(workload, quality);
  return suites.map((suite) => ({
    name: suite.name,
    steps: (job) => testSteps(workflow, job, suite, suites),
    faults: (job, step) => testFaults(workflow, job, step, suite),
  }));
}

/** Steps that run the program, however well, and not where another suite belongs. */
function testSteps(workflow: Workflow, job: Job, suite: Suite, suites: readonly Suite[]): readonly Step[] {
  const others = suites
    .map(({ directory }) => plain(directory))
    .filter((one) => one !== plain(suite.directory));
  return job.steps.filter(
    (step) =>
      suite.program.test(withoutInstallation(step.run ?? '')) &&
      !others.includes(folderOf(workflow, job, step)),
  );
}

/** Ways in which the tests would be green although one of them fails. */
function testFaults(workflow: Workflow, job: Job, step: Step, suite: Suite): readonly Fault[] {
  const { alone, options, directory, command } = suite;
  const place = placeOf(workflow, job, step);
  const script = (step.run ?? '').trim();
  const folder = folderOf(workflow, job, step);
  const given = Object.keys({ ...record(workflow.raw.env), ...job.env, ...step.env });
  return [
    ...(alone.test(script)
      ? []
      : [
          {
            place,
            value: JSON.stringify(script),
            allowed: `\`${command}\` alone, all of it: its exit code is that of the step`,
            change: 'let the step run the tests and nothing else, without options that leave some out',
          },
        ]),
    ...(folder === plain(directory)
      ? []
      : [
          {
            place,
            value: `working-directory: ${folder}`,
            allowed: `${directory}, where the manifest says the tests are`,
            change: `write working-directory: ${directory}, or run \`npx projen\``,
          },
        ]),
    ...partialCheckoutFaults(workflow, job),
    ...given
      .filter((name) => options.test(name))
      .map((name) => ({
        place,
        value: name,
        allowed: 'options of the tests in the script, where they can be read',
        change: `remove ${name} from \`env\``,
      })),
  ];
}

/** Checkouts that leave files out, or put them elsewhere. */
export const partialCheckoutFaults = (workflow: Workflow, job: Job): readonly Fault[] =>
  job.steps
    .filter(({ uses }) => uses?.action.toLowerCase() === CHECKOUT)
    .flatMap((one) =>
      ['sparse-checkout', 'path'].flatMap((input) => (one.with[input] === undefined ? [] : [{ one, input }])),
    )
    .map(({ one, input }) => ({
      place: placeOf(workflow, job, one),
      value: `${input}: ${(one.with[input] ?? '').trim()}`,
      allowed: 'all files of the commit at the root: tests that are not there do not fail',
      change: `remove ${input}`,
    }));

const folderOf = (workflow: Workflow, job: Job, step: Step): string =>
  plain(workingDirectory(workflow, job, step) ?? '.');

const plain = (folder: string): string => folder.replace(/^\.\/|\/$/g, '');

/** Installing a runner is not running it. */
const withoutInstallation = (script: string): string => script.replace(/\bpip3?\s+install\b[^\n;&|]*/g, '');
