import { editWorkflow, type Mutation, type Sources } from '../../sample';
import { editManifest } from '../calls/edit';
import { inJob } from '../in-job';
import { CHECKS, job } from '../workflow-names';

const change =
  (from: string | RegExp, to: string, id = 'quality') =>
  (sample: Sources) =>
    inJob(sample, CHECKS, id, from, to);
const after = (from: string, more: string, id = 'quality') => change(from, `${from}${more}`, id);

const check = (
  name: string,
  apply: Mutation['apply'],
  place: Mutation['place'] = job('quality', CHECKS),
): Mutation => ({
  name,
  owner: 'P08',
  place,
  apply,
});

const RUFF = 'python -m ruff check --output-format=github .';
const BLACK = 'python -m black --check .';
const TESTS = 'python -m pytest --cov';
const BANDIT = 'python -m bandit --quiet';
const AUDIT = 'python -m pip_audit --strict --require-hashes --disable-pip';
const INFRASTRUCTURE = job('infrastructure', CHECKS);

/** Checks that are green whatever they find, one for each way of each program. */
const SWALLOWED: readonly Mutation[] = [
  check('Ruff whose findings are swallowed', after(RUFF, ' || true')),
  check('Ruff that ends well', change(RUFF, `${RUFF} --exit-zero`)),
  check('Ruff that mends what it finds', change('ruff check', 'ruff check --fix')),
  check('Ruff that looks at one file', change(`${RUFF}\n`, `${RUFF}/bikeshare/app.py\n`)),
  check('Ruff for some rules', change('ruff check', 'ruff check --select E9')),
  check('Black that writes', change(BLACK, 'python -m black .')),
  check('Black whose failure is piped away', after(BLACK, ' | cat')),
  check('tests without a bound for coverage', change(/ --cov-fail-under=\d+/, '')),
  check('tests with a lower bound for coverage', change(/--cov-fail-under=\d+/, '--cov-fail-under=10')),
  check('tests in the background', change(/(?<=--cov-fail-under=\d+)\n/, ' &\n')),
  check('tests of which some are left out by name', change(TESTS, 'python -m pytest -k smoke --cov')),
  check('Bandit that ends well', change(BANDIT, 'python -m bandit --exit-zero')),
  check('Bandit for severe findings alone', change(BANDIT, 'python -m bandit --severity-level high')),
  check('Bandit beside a baseline that nobody declared', change(BANDIT, `${BANDIT} --baseline all.json`)),
  check('Bandit that does not descend', change(' --recursive', '')),
  check('an audit that may skip packages', change(' --strict', '')),
  check(
    'an audit of other requirements',
    change('--requirement requirements.txt', '--requirement empty.txt'),
  ),
  check(
    'an audit of the requirements of another folder',
    (sample) => {
      editManifest(sample, '"services/bikeshare/requirements.txt"', '"requirements.txt"');
      change('--requirement requirements.txt', '--requirement ../../requirements.txt')(sample);
    },
    'workloads.bikeshare.quality.checks.audited',
  ),
  check(
    'an audit that ignores what nobody excepted',
    change(AUDIT, `${AUDIT} --ignore-vuln GHSA-aaaa-bbbb-cccc`),
  ),
  check('an audit whose failure is negated', change(`run: ${AUDIT}`, `run: |\n          ! ${AUDIT}`)),
  check(
    'a check whose failure is green',
    after('      - name: Lint with Ruff\n', '        continue-on-error: true\n'),
  ),
  check(
    'all checks of the job are green',
    after('    timeout-minutes: 20\n', '    continue-on-error: true\n'),
  ),
  check(
    'a check that pull requests skip',
    after('      - name: Lint with Ruff\n', "        if: github.event_name == 'push'\n"),
  ),
  check(
    'checks that pull requests skip',
    after('    timeout-minutes: 20\n', "    if: github.event_name == 'push'\n"),
  ),
  check(
    'a check of another folder',
    change(/(?<=Lint with Ruff\n {8}working-directory: services\/bikeshare)\n/, '/bikeshare\n'),
  ),
  check(
    'a check with options from the environment',
    after('      - name: Lint with Ruff\n', '        env:\n          RUFF_NO_CACHE: "1"\n'),
  ),
  check(
    'a check in a shell that forgets',
    after(`run: ${RUFF}\n`, '        shell: \'bash -c "{0}; true"\'\n'),
  ),
  check(
    'a check of half of the files',
    after(
      '          persist-credentials: false\n',
      '          sparse-checkout: services/bikeshare/bikeshare\n',
    ),
  ),
  ...[
    ['Ruff', RUFF],
    ['Black', BLACK],
    ['Bandit', BANDIT],
    ['pip-audit', AUDIT],
  ].map(([name = '', command = '']) =>
    check(
      `something else stands in for ${name}`,
      change(new RegExp(`${command.replaceAll('.', '\\.')}[^\\n]*`), 'python --version'),
      /bikeshare-ci\.yml$/,
    ),
  ),
  check(
    'proofs whose findings are swallowed',
    change('lockstep prove', 'lockstep prove || true', 'infrastructure'),
    INFRASTRUCTURE,
  ),
  check(
    'a synthesis whose failure is swallowed',
    after('cdk synth --quiet', '; true', 'infrastructure'),
    INFRASTRUCTURE,
  ),
  check(
    'pull requests that prove nothing',
    change(/ {6}- name: Prove[^\n]*\n {8}run: npx lockstep prove\n/, '', 'infrastructure'),
    /bikeshare-ci\.yml$/,
  ),
  check(
    'proofs that pull requests skip',
    after(
      '      - name: Prove that infrastructure and workflows fit\n',
      "        if: github.event_name == 'push'\n",
      'infrastructure',
    ),
    INFRASTRUCTURE,
  ),
];

const AT_TRIGGER = /bikeshare-ci\.yml:\d+$/;
const REQUESTS = '  pull_request:\n';
/** Lets only changes of some paths start the checks of a pull request. */
const onlyPaths =
  (...paths: readonly string[]) =>
  (sample: Sources): void =>
    editWorkflow(
      sample,
      CHECKS,
      REQUESTS,
      `${REQUESTS}    paths:\n${paths.map((path) => `      - '${path}'\n`).join('')}`,
    );

/** Pull requests and pushes that are not checked. */
const UNCHECKED: readonly Mutation[] = [
  check(
    'no checks at all',
    (sample) => {
      sample.workflows = sample.workflows.filter(({ file }) => !file.endsWith(CHECKS));
    },
    'workloads.bikeshare.quality.checks',
  ),
  check(
    'checks that nobody promises',
    (sample) => {
      const workload = sample.manifest.workloads.find(({ id }) => id === 'bikeshare');
      Reflect.deleteProperty(workload?.quality ?? {}, 'checks');
    },
    CHECKS,
  ),
  check(
    'pull requests that start nothing',
    (sample) => editWorkflow(sample, CHECKS, REQUESTS, '  merge_group:\n'),
    AT_TRIGGER,
  ),
  check(
    'pull requests with the rights of the repository',
    (sample) => editWorkflow(sample, CHECKS, REQUESTS, '  pull_request_target:\n'),
    AT_TRIGGER,
  ),
  check(
    'pull requests whose change of the service starts nothing',
    onlyPaths('services/bikeshares/**'),
    AT_TRIGGER,
  ),
  check(
    'pull requests of which some kinds are left out',
    (sample) => editWorkflow(sample, CHECKS, REQUESTS, `${REQUESTS}    types: [closed]\n`),
    AT_TRIGGER,
  ),
  check('files that are taken out again', onlyPaths('**', '!services/bikeshare/bikeshare/**'), AT_TRIGGER),
  check(
    'pushes that start nothing',
    (sample) =>
      editWorkflow(
        sample,
        CHECKS,
        '  push:\n    branches:\n      - main\n',
        '  push:\n    branches:\n      - gh-pages\n',
      ),
    AT_TRIGGER,
  ),
];

/** Checks of a workload that pass what they should stop. */
export const CHECK_MUTATIONS: readonly Mutation[] = [...SWALLOWED, ...UNCHECKED];
