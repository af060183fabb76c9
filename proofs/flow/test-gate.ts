import type { Fault, Quality } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { workingDirectory } from './command-script';
import { record } from './occurrences';
import { placeOf } from './place';

const CHECKOUT = 'actions/checkout';

/** How the tests of a language are run, by whatever program. */
const RUNNERS: Readonly<Record<Quality['language'], RegExp>> = {
  python: /\b(?:pytest|unittest)\b/,
};
/** The runner alone, with options that leave no test out. */
const ALONE: Readonly<Record<Quality['language'], RegExp>> = {
  python:
    /^(?:exec )?(?:python[\d.]* -m )?(?:pytest|unittest)(?: (?:-[qvxs]+|-r\w+|--(?:exitfirst|verbose|quiet|strict-markers|strict-config|maxfail=\d+|durations=\d+|tb=\w+|color=\w+|junit-?xml=[\w./-]+|cov(?:-[\w-]+)?(?:=[\w./:-]+)?)))*$/,
};
/** Variables by which the runner takes more options. */
const OPTIONS: Readonly<Record<Quality['language'], RegExp>> = {
  python: /^PYTEST_/,
};

/** Steps that run tests of the language, however well. */
export const testSteps = ({ steps }: Job, { language }: Quality): readonly Step[] =>
  steps.filter(({ run = '' }) => RUNNERS[language].test(withoutInstallation(run)));

/** Ways in which the tests would be green although one of them fails. */
export function testFaults(workflow: Workflow, job: Job, step: Step, quality: Quality): readonly Fault[] {
  const { language, directory } = quality;
  const place = placeOf(workflow, job, step);
  const script = (step.run ?? '').trim();
  const folder = workingDirectory(workflow, job, step) ?? '.';
  const options = Object.keys({ ...record(workflow.raw.env), ...job.env, ...step.env }).filter((name) =>
    OPTIONS[language].test(name),
  );
  return [
    ...(ALONE[language].test(script)
      ? []
      : [
          {
            place,
            value: JSON.stringify(script),
            allowed: 'the tests alone, all of them: their exit code is that of the step',
            change: 'let the step run the tests and nothing else, without options that leave some out',
          },
        ]),
    ...(folder.replace(/^\.\/|\/$/g, '') === directory.replace(/^\.\/|\/$/g, '')
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
    ...options.map((name) => ({
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

/** Installing a runner is not running it. */
const withoutInstallation = (script: string): string => script.replace(/\bpip3?\s+install\b[^\n;&|]*/g, '');
