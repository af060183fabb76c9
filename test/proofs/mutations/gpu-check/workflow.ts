import type { Mutation } from '../../sample';
import { defects } from '../k3s/edit';
import { astray, CHECK, entering, FILE, inCheck, inFile, inReport } from './edit';

const run = astray('P08');
const report = astray('P08', 'report');
const file = defects('P08', FILE);
const RUN = /run: exec node \.lockstep\/cli\.mjs gpu-check run/;

/** What starts a check, and how its combinations run. */
export const CHECK_RUN_MUTATIONS: readonly Mutation[] = [
  file('a check that no clock starts', inFile('  schedule:\n    - cron: 17 4 * * 1\n', '')),
  file('a check at another time', inFile('cron: 17 4 * * 1', 'cron: 17 4 * * *')),
  file(
    'a check twice a week',
    inFile('    - cron: 17 4 * * 1\n', '    - cron: 17 4 * * 1\n    - cron: 17 4 * * 4\n'),
  ),
  file(
    'a check in another time zone',
    inFile('    - cron: 17 4 * * 1\n', '    - cron: 17 4 * * 1\n      timezone: Asia/Tokyo\n'),
  ),
  file('a check with each push', inFile('on:\n', 'on:\n  push:\n    branches: [main]\n')),
  file('a check for each pull request', inFile('on:\n', 'on:\n  pull_request:\n')),
  file(
    'checks that compete for one instance',
    inFile('group: kvs-infer-gpu-compatibility\n', 'group: kvs-infer-gpu-${{ github.run_id }}\n'),
  ),
  file(
    'a check that a later one cuts off',
    inFile(
      'group: kvs-infer-gpu-compatibility\n  cancel-in-progress: false',
      'group: kvs-infer-gpu-compatibility\n  cancel-in-progress: true',
    ),
  ),
  defects('P08', CHECK)('a check that no workflow runs', (sample) => {
    sample.workflows = sample.workflows.filter((workflow) => !workflow.file.endsWith(FILE));
  }),
  defects('P08', CHECK)('a check in an environment that waits for people', (sample) => {
    sample.manifest = {
      ...sample.manifest,
      environments: sample.manifest.environments.map((one) =>
        one.name === 'staging' ? { ...one, protection: { ...one.protection, reviewers: ['octocat'] } } : one,
      ),
    };
  }),
  run('a combination that cancels the others when it fails', inCheck('fail-fast: false', 'fail-fast: true')),
  run('combinations without fail-fast', inCheck('      fail-fast: false\n', '')),
  run('more combinations at once than instances', inCheck('max-parallel: 1', 'max-parallel: 4')),
  run('all combinations at once', inCheck('      max-parallel: 1\n', '')),
  run('a combination in another environment', inCheck('name: staging', 'name: production')),
  run(
    'a check that runs for some people only',
    inCheck('    runs-on:', "    if: github.actor == 'octocat'\n    runs-on:"),
  ),
  run(
    'a combination that is green whatever happens',
    inCheck('        id: check\n', '        id: check\n        continue-on-error: true\n'),
  ),
  run(
    'a combination whose exit code is swallowed',
    inCheck('--output gpu-check.json', '--output gpu-check.json || true'),
  ),
  run('a command behind a shell', inCheck(RUN, 'run: node .lockstep/cli.mjs gpu-check run')),
  run(
    'a combination that is left out on Mondays',
    inCheck(
      '        id: check\n',
      "        id: check\n        if: github.event_name == 'workflow_dispatch'\n",
    ),
  ),
];

/** What a combination is made of. */
export const CHECK_BUILD_MUTATIONS: readonly Mutation[] = [
  run('another CUDA in the image', inCheck('CUDA=${{ matrix.cuda }}', 'CUDA=12.1.1')),
  run('another PyTorch in the image', inCheck('PYTORCH=${{ matrix.pytorch }}', 'PYTORCH=${{ matrix.cuda }}')),
  run('an image without the version of PyTorch', inCheck('            PYTORCH=${{ matrix.pytorch }}\n', '')),
  run(
    'an image of another folder',
    inCheck('context: services/kvs-infer/gpu-check', 'context: services/kvs-infer'),
  ),
  run(
    'an image of another Dockerfile',
    inCheck('file: services/kvs-infer/gpu-check/Dockerfile', 'file: services/kvs-infer/Dockerfile'),
  ),
  run('an image for another platform', inCheck('platforms: linux/amd64', 'platforms: linux/arm64')),
  run('an image that is not pushed', inCheck('push: true', 'push: false')),
  run('one tag for all drivers', inCheck('-driver${{ matrix.driver }}', '')),
  run('one tag for all runs', inCheck('${{ github.run_id }}-${{ github.run_attempt }}', 'weekly')),
  run('one tag for all attempts of a run', inCheck('-${{ github.run_attempt }}', '')),
  run(
    'layers of another combination',
    inCheck('          push: true\n', '          push: true\n          cache-from: type=gha\n'),
  ),
  run('an image that stays behind its tag', inCheck('@${{ steps.build.outputs.digest }}', ':latest')),
  run('an image of the service', inCheck('/kvs-infer-gpu-check@${{', '/kvs-infer@${{')),
  run(
    'a driver that another combination has',
    inCheck('DRIVER: ${{ matrix.driver }}', 'DRIVER: ${{ matrix.cuda }}'),
  ),
  run('a version of CUDA that nobody tried', inCheck('--cuda "$CUDA"', '--cuda 12.1.1')),
  run('a driver that may be left out', inCheck('--driver "$DRIVER"', '${DRIVER:+--driver "$DRIVER"}')),
];

/** What becomes of the results. */
export const CHECK_RESULT_MUTATIONS: readonly Mutation[] = [
  run(
    'a result that is lost when the combination failed',
    inCheck("if: always() && steps.check.outcome != 'skipped'", "if: steps.check.outcome != 'skipped'"),
  ),
  run(
    'results of failures alone',
    inCheck("if: always() && steps.check.outcome != 'skipped'", 'if: failure()'),
  ),
  run(
    'a combination without result that is green',
    inCheck('if-no-files-found: error', 'if-no-files-found: ignore'),
  ),
  run('another file in place of the result', inCheck('path: gpu-check.json', 'path: check.json')),
  report('a report that no failure reaches', inReport(/ {4}if: [^\n]*\n/, '')),
  report(
    'a report of failures alone',
    inReport(/if: [^\n]*/, "if: always() && needs.check.result == 'failure'"),
  ),
  report('a report of runs without failure', inReport(/if: [^\n]*/, "if: needs.check.result == 'success'")),
  report(
    'a report that waits for no combination',
    inReport(/ {4}needs: \[check\]\n {4}#[^\n]*\n {4}if: [^\n]*\n/, ''),
  ),
  report('a report without the results', inReport('pattern: gpu-check-*', 'pattern: gpu-result-*')),
  report('a report of one CUDA', inReport('pattern: gpu-check-*', 'pattern: gpu-check-12.1*')),
  report(
    'results on top of each other',
    inReport(
      '          pattern: gpu-check-*\n',
      '          pattern: gpu-check-*\n          merge-multiple: true\n',
    ),
  ),
  report(
    'a report of another folder',
    inReport('RESULTS: ${{ runner.temp }}/gpu-check', 'RESULTS: ${{ runner.temp }}/results'),
  ),
  report(
    'a report that nobody keeps',
    inReport('          path: gpu-compatibility\n', '          path: report\n'),
  ),
  report(
    'a report whose exit code is swallowed',
    inReport('--output gpu-compatibility', '--output gpu-compatibility || true'),
  ),
  run('results without a report', inFile(/\n {2}report:\n[\s\S]*$/, '\n')),
  astray('P08', 'report')(
    'a report without the command',
    inReport('sparse-checkout: .lockstep', 'sparse-checkout: services'),
  ),
  run(
    'a combination without its Dockerfile',
    inCheck(
      '          persist-credentials: false\n',
      '          persist-credentials: false\n          sparse-checkout: .lockstep\n',
    ),
  ),
].map((mutation) =>
  // Without the report, the whole file is the place.
  mutation.name === 'results without a report' ? { ...mutation, place: FILE } : mutation,
);

const input = astray('P11');
const declared = defects('P11', FILE);

/** Inputs, artifacts and times of a check. */
export const CHECK_INPUT_MUTATIONS: readonly Mutation[] = [
  declared('an EC2 type that people type', inFile('        type: choice\n', '        type: string\n')),
  declared(
    'an EC2 type without provider',
    inFile('          - g4dn.2xlarge\n', '          - g4dn.8xlarge\n'),
  ),
  declared('an EC2 type that cannot be chosen', inFile('          - g4dn.12xlarge\n', '')),
  declared('another EC2 type than the clock takes', inFile('default: g4dn.xlarge', 'default: g4dn.12xlarge')),
  input('a run by the clock without EC2 type', inCheck(" || 'g4dn.xlarge'", '')),
  input('a run by the clock on the dearest type', inCheck("|| 'g4dn.xlarge'", "|| 'g4dn.12xlarge'")),
  input(
    'another EC2 type than was chosen',
    inCheck("${{ inputs.instance-type || 'g4dn.xlarge' }}", 'g4dn.xlarge'),
  ),
  input('a value of the matrix within a script', inCheck('--cuda "$CUDA"', '--cuda ${{ matrix.cuda }}')),
  input(
    'an axis that the matrix does not have',
    inCheck('DRIVER: ${{ matrix.driver }}', 'DRIVER: ${{ matrix.gpu }}'),
  ),
  input(
    'one name for the results of all drivers',
    inCheck('name: gpu-check-${{ matrix.cuda }}-${{ matrix.driver }}', 'name: gpu-check-${{ matrix.cuda }}'),
  ),
  input(
    'one name for all results',
    inCheck(/name: gpu-check-\$\{\{ matrix\.cuda[^\n]*/, 'name: gpu-check-result'),
  ),
  astray('P11', 'report')(
    'a pattern that fits no artifact',
    inReport('pattern: gpu-check-*', 'pattern: cell-*'),
  ),
  input(
    'a secret beside a combination',
    inCheck(
      '          CUDA: ${{ matrix.cuda }}\n',
      '          CUDA: ${{ matrix.cuda }}\n          HOOK: ${{ secrets.SLACK_WEBHOOK_URL }}\n',
    ),
  ),
  astray('P07')('a job that ends before its task', inCheck('timeout-minutes: 65', 'timeout-minutes: 40')),
  astray('P07')(
    'a session that ends before its job',
    inCheck('role-duration-seconds: 3900', 'role-duration-seconds: 1800'),
  ),
  astray('P07')(
    'a step that ends before its task',
    inCheck('        id: check\n', '        id: check\n        timeout-minutes: 20\n'),
  ),
  astray('P07')(
    'a task that outlives its job',
    entering(() => ({ taskTimeoutMinutes: 60 })),
  ),
  astray('P12')('a machine that somebody keeps', inCheck('runs-on: ubuntu-24.04', 'runs-on: gpu-builder')),
  defects('P02', FILE)('a check without token', inCheck(/ {6}id-token: write[^\n]*\n/, '')),
  astray('P02')('a check outside of its environment', inCheck(/ {4}environment:\n {6}name: staging\n/, '')),
  defects('P02', FILE)(
    'a report that may mint tokens',
    inReport('      contents: read', '      id-token: write\n      contents: read'),
  ),
  astray('P04')('a check without sign-in', inCheck(/ {6}- name: Sign in to AWS\n(?: {8}[^\n]*\n)+\n/, '')),
  astray('P04')(
    'a check with the role that deploys',
    inCheck('role/ml-platform-kvs-infer-gpu-check', 'role/ml-platform-kvs-infer-staging-deploy'),
  ),
];
