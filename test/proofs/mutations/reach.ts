import { editWorkflow, type Mutation } from '../sample';
import { inJob } from './in-job';
import { DEPLOY, job, ROLLBACK } from './workflow-names';

/** Defects of triggers, choices and conditions. */
export const REACH_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a part of the file that stands behind an alias',
    owner: 'P08',
    place: '.github/workflows/kvs-infer-deploy.yml',
    apply: (sample) => {
      inJob(sample, DEPLOY, 'test', '      contents: read', '      contents: &access read');
      inJob(
        sample,
        DEPLOY,
        'attest',
        '      attestations: write',
        '      contents: *access\n      attestations: write',
      );
    },
  },
  {
    name: 'a deployment that never runs',
    owner: 'P08',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        "if: github.event_name == 'push' || inputs.environment == 'production'",
        'if: false',
      ),
  },
  {
    name: 'a condition on an event that does not start the workflow',
    owner: 'P08',
    place: job('attest'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'attest',
        '    needs: [build, scan]\n',
        "    needs: [build, scan]\n    if: github.event_name == 'release'\n",
      ),
  },
  {
    name: 'a deployment that releases skip while the run is green',
    owner: 'P08',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        "github.event_name == 'push' ||",
        "github.ref == 'refs/heads/main' ||",
      ),
  },
  {
    name: 'a dispatch choice with a spelling of its own in the condition',
    owner: 'P08',
    place: /kvs-infer-deploy\.yml:\d+/,
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        "inputs.environment == 'production'",
        "inputs.environment == 'prod'",
      ),
  },
  {
    name: 'a choice that was dropped',
    owner: 'P08',
    place: /kvs-infer-deploy\.yml:\d+/,
    apply: (sample) =>
      editWorkflow(sample, DEPLOY, '          - staging\n          - production\n', '          - staging\n'),
  },
  {
    name: 'a choice that reaches no job',
    owner: 'P08',
    place: /kvs-infer-rollback\.yml:\d+/,
    apply: (sample) =>
      editWorkflow(
        sample,
        ROLLBACK,
        '          - staging\n          - production\n',
        '          - staging\n          - canary\n          - production\n',
      ),
  },
  {
    name: 'a choice of one environment that rolls back another one too',
    owner: 'P08',
    place: job('rollback-production', ROLLBACK),
    apply: (sample) =>
      inJob(
        sample,
        ROLLBACK,
        'rollback-production',
        "inputs.environment == 'production'",
        "inputs.environment != ''",
      ),
  },
  {
    name: 'a needed job that was renamed',
    owner: 'P08',
    place: job('scan'),
    apply: (sample) => inJob(sample, DEPLOY, 'scan', 'needs: [build]', 'needs: [image]'),
  },
  {
    name: 'jobs that wait for each other',
    owner: 'P08',
    place: /kvs-infer-deploy\.yml:\d+ /,
    apply: (sample) => inJob(sample, DEPLOY, 'build', 'needs: [test]', 'needs: [test, scan]'),
  },
  {
    name: 'a condition that GitHub cannot parse',
    owner: 'P08',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        "inputs.environment == 'production'",
        'inputs.environment = production',
      ),
  },
  {
    name: 'a condition in a block that is always true',
    owner: 'P08',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        "if: github.event_name == 'push' || inputs.environment == 'production'\n",
        "if: |\n      ${{ github.event_name == 'push' || inputs.environment == 'production' }}\n",
      ),
  },
  {
    name: 'a deployment that depends on a job that only pull requests start',
    owner: 'P08',
    place: job('scan'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'scan',
        '    needs: [build]\n',
        "    needs: [build]\n    if: github.event_name == 'pull_request'\n",
      ),
  },
  {
    name: 'a deployment step that an output may switch off',
    owner: 'P08',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-staging',
        '        id: deploy\n',
        "        id: deploy\n        if: needs.build.outputs.digest != ''\n",
      ),
  },
  {
    name: 'a deployment whose failure is green',
    owner: 'P08',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        / {4}timeout-minutes: 45\n/,
        '    timeout-minutes: 45\n    continue-on-error: true\n',
      ),
  },
  {
    name: 'release tags that start nothing',
    owner: 'P08',
    place: /kvs-infer-deploy\.yml:\d+/,
    apply: (sample) => editWorkflow(sample, DEPLOY, '      - v*\n', '      - release-*\n'),
  },
  {
    name: 'sources whose change starts nothing',
    owner: 'P08',
    place: /kvs-infer-deploy\.yml:\d+/,
    apply: (sample) =>
      editWorkflow(sample, DEPLOY, '      - services/kvs-infer/**\n', '      - service/kvs-infer/**\n'),
  },
  {
    name: 'pull requests that deploy',
    owner: 'P08',
    place: job('deploy-staging'),
    apply: (sample) =>
      editWorkflow(sample, DEPLOY, '  workflow_dispatch:\n', '  pull_request:\n  workflow_dispatch:\n'),
  },
  {
    name: 'a deployment of a workload that is not there',
    owner: 'P08',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-staging',
        'deploy kvs-infer --environment staging',
        'deploy kvs-inference --environment staging',
      ),
  },
];
