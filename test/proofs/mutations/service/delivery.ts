import type { Mutation } from '../../sample';
import { inJob } from '../in-job';
import { job } from '../workflow-names';

const FILE = 'devops-day3-app-deploy.yml';
const FOLDER = 'services/devops-day3-app';
const step = (name: string) =>
  `      - name: Run the script ${name}\n        working-directory: ${FOLDER}\n        run: npm run ${name}\n`;
const [LINT, TEST] = [step('lint'), step('test')];

const gate = (name: string, from: string, to: string, place = 'test'): Mutation => ({
  name,
  owner: 'P08',
  place: job(place, FILE),
  apply: (sample) => inJob(sample, FILE, 'test', from, to),
});
const run = (script: string) => TEST.replace('npm run test', script);
const beside = (line: string) =>
  TEST.replace('        working-directory', `${line}        working-directory`);

/** Scripts of a package that are green whatever they find. */
export const NODE_TEST_MUTATIONS: readonly Mutation[] = [
  gate('a package that is not tested', TEST, '', 'deploy-dev'),
  gate('a package that is not linted', LINT, '', 'deploy-dev'),
  gate('scripts of Node.js whose exit code is swallowed', TEST, run('npm run test || true')),
  gate('a script that may be missing', TEST, run('npm run test --if-present')),
  gate('tests of Node.js of which some are left out', TEST, run('npm run test -- --test-name-pattern=smoke')),
  gate('scripts of another package', TEST, run('npm --prefix ../other run test')),
  gate('a script without what stands before and after it', TEST, run('npm run test --ignore-scripts')),
  gate('a script behind another command', TEST, run('cd build && npm run test')),
  gate('scripts of another folder', TEST, TEST.replace(FOLDER, 'services')),
  gate(
    'options of Node.js from the environment',
    TEST,
    beside('        env:\n          NODE_OPTIONS: --test-only\n'),
  ),
  gate(
    'options of npm from the environment',
    TEST,
    beside("        env:\n          npm_config_if_present: 'true'\n"),
  ),
  gate('a failure of Node.js that is green', TEST, beside('        continue-on-error: true\n')),
  gate('a script with a condition', TEST, beside("        if: github.actor != 'octocat'\n")),
];
