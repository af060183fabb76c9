import type { Mutation, Sources } from '../sample';
import { inJob } from './in-job';
import { DEPLOY, job } from './workflow-names';

/** Adds lines behind the first one of a part of a job. */
const after = (id: string, from: string, more: string) => (sample: Sources) =>
  inJob(sample, DEPLOY, id, from, `${from}${more}`);

const change = (id: string, from: string | RegExp, to: string) => (sample: Sources) =>
  inJob(sample, DEPLOY, id, from, to);

function gate(name: string, place: string, apply: Mutation['apply']): Mutation {
  return { name, owner: 'P08', place: job(place), apply };
}

const SCANS = "          exit-code: '1'\n";
const PYTEST = 'run: python -m pytest\n';
const STAGING = '    needs: [build, scan]\n';

/** A workflow of its own that deploys what somebody names, past every gate. */
const HOTFIX = `name: hotfix
on: workflow_dispatch
permissions: {}
jobs:
  hotfix:
    runs-on: ubuntu-24.04
    environment: production
    timeout-minutes: 45
    concurrency: kvs-infer-production
    steps:
      - env:
          IMAGE: 222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-infer:hotfix
        run: exec node .lockstep/cli.mjs deploy kvs-infer --environment production --image "$IMAGE"
`;

/** Deployments that do not wait for their gates. */
const PASSED_BY: readonly Mutation[] = [
  gate(
    'a deployment that does not need the scan',
    'deploy-staging',
    change('deploy-staging', STAGING, '    needs: [build]\n'),
  ),
  gate(
    'a deployment that needs neither the scan nor a job behind it',
    'deploy-production',
    change('deploy-production', 'needs: [build, scan, deploy-staging]', 'needs: [build]'),
  ),
  gate('a build that does not need the tests', 'deploy-staging', change('build', '    needs: [test]\n', '')),
  gate(
    'a deployment unless the run was cancelled',
    'deploy-staging',
    after('deploy-staging', STAGING, '    if: ${{ !cancelled() }}\n'),
  ),
  gate(
    'a deployment in any case',
    'deploy-production',
    change(
      'deploy-production',
      "if: github.event_name == 'push' || inputs.environment == 'production'",
      "if: always() && (github.event_name == 'push' || inputs.environment == 'production')",
    ),
  ),
  gate('a scan that some runs skip, and a deployment that does not mind', 'deploy-staging', (sample) => {
    after('scan', '    needs: [build]\n', "    if: github.event_name == 'push'\n")(sample);
    after('deploy-staging', STAGING, '    if: ${{ !failure() }}\n')(sample);
  }),
  {
    name: 'a workflow beside the delivery that deploys without any gate',
    owner: 'P08',
    place: 'hotfix.yml:5 hotfix',
    apply: (sample) => {
      sample.workflows = [...sample.workflows, { file: '.github/workflows/hotfix.yml', text: HOTFIX }];
    },
  },
];

/** Scans that let pass what should stop the delivery. */
const WEAK_SCANS: readonly Mutation[] = [
  gate(
    'a scan job whose failure is green',
    'scan',
    after('scan', '    timeout-minutes: 30\n', '    continue-on-error: true\n'),
  ),
  gate(
    'a scan step whose failure is green',
    'scan',
    after('scan', '        id: scan\n', '        continue-on-error: true\n'),
  ),
  gate(
    'a scan step with a condition',
    'scan',
    after('scan', '        id: scan\n', "        if: github.ref_type == 'branch'\n"),
  ),
  gate('fewer severities', 'scan', change('scan', 'severity: CRITICAL,HIGH', 'severity: CRITICAL')),
  gate(
    'severities from a variable',
    'scan',
    change('scan', 'severity: CRITICAL,HIGH', 'severity: ${{ vars.SEVERITY }}'),
  ),
  gate('a finding that is no failure', 'scan', change('scan', "exit-code: '1'", "exit-code: '0'")),
  gate('no exit code, so the default of the action', 'scan', change('scan', SCANS, '')),
  gate(
    'vulnerabilities without a fix are left out',
    'scan',
    after('scan', SCANS, '          ignore-unfixed: true\n'),
  ),
  gate('folders are left out', 'scan', after('scan', SCANS, '          skip-dirs: /usr\n')),
  gate('files are left out', 'scan', after('scan', SCANS, '          skip-files: "**/*.whl"\n')),
  gate(
    'a list of findings to ignore',
    'scan',
    after('scan', SCANS, '          trivyignores: .trivyignore\n'),
  ),
  gate(
    'a policy of findings to ignore',
    'scan',
    after('scan', SCANS, '          ignore-policy: ignore.rego\n'),
  ),
  gate('settings from a file', 'scan', after('scan', SCANS, '          trivy-config: trivy.yaml\n')),
  gate('secrets in place of vulnerabilities', 'scan', after('scan', SCANS, '          scanners: secret\n')),
  gate('libraries are left out', 'scan', after('scan', SCANS, '          vuln-type: os\n')),
  gate(
    'files of the runner in place of the image',
    'scan',
    after('scan', SCANS, '          scan-type: fs\n'),
  ),
  gate(
    'settings from the environment',
    'scan',
    after('scan', '        id: scan\n', '        env:\n          TRIVY_IGNORE_UNFIXED: true\n'),
  ),
  gate(
    'a bill of materials in place of a scan',
    'deploy-staging',
    change('scan', 'format: sarif', 'format: spdx-json'),
  ),
  gate(
    'a scan of a tag',
    'scan',
    change(
      'scan',
      /kvs-infer@\$\{\{ needs\.build\.outputs\.digest \}\}(?=\n {10}format: sarif)/,
      'kvs-infer:latest',
    ),
  ),
  gate(
    'a scan of another image',
    'scan',
    change(
      'scan',
      /(?<=image-ref: )\S+@\$\{\{ needs\.build\.outputs\.digest \}\}(?=\n {10}format: sarif)/,
      'alpine:3',
    ),
  ),
  gate(
    'a scan that a step before it tells what to ignore',
    'scan',
    change(
      'scan',
      '      - name: Scan the image and fail on a finding\n',
      '      - run: echo CVE-2026-0001 > .trivyignore\n\n      - name: Scan the image and fail on a finding\n',
    ),
  ),
];

/** Tests that are green whatever they find. */
const WEAK_TESTS: readonly Mutation[] = [
  gate(
    'a test job whose failure is green',
    'test',
    after('test', '    timeout-minutes: 20\n', '    continue-on-error: true\n'),
  ),
  gate(
    'a test step whose failure is green',
    'test',
    after('test', '      - name: Run the unit tests\n', '        continue-on-error: true\n'),
  ),
  gate(
    'a test step with a condition',
    'test',
    after('test', '      - name: Run the unit tests\n', "        if: github.ref_type == 'branch'\n"),
  ),
  gate(
    'tests whose exit code is swallowed',
    'test',
    change('test', PYTEST, 'run: python -m pytest || true\n'),
  ),
  gate(
    'tests that are only listed',
    'test',
    change('test', PYTEST, 'run: python -m pytest --collect-only\n'),
  ),
  gate(
    'tests of which some are left out',
    'test',
    change('test', PYTEST, 'run: python -m pytest -k smoke\n'),
  ),
  gate(
    'tests that something else stands in for',
    'deploy-staging',
    change('test', PYTEST, 'run: python --version\n'),
  ),
  gate(
    'tests of another folder',
    'test',
    change('test', 'working-directory: services/kvs-infer', 'working-directory: services'),
  ),
  gate(
    'tests of which some were not checked out',
    'test',
    after(
      'test',
      '          persist-credentials: false\n',
      '          sparse-checkout: services/kvs-infer/src\n',
    ),
  ),
  gate(
    'tests with options from the environment',
    'test',
    after(
      'test',
      '      - name: Run the unit tests\n',
      '        env:\n          PYTEST_ADDOPTS: --collect-only\n',
    ),
  ),
];

/** Defects of what must come before a deployment. */
export const GATE_MUTATIONS: readonly Mutation[] = [...PASSED_BY, ...WEAK_SCANS, ...WEAK_TESTS];
