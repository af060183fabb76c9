import { editWorkflow, type Mutation, type Sources } from '../../sample';
import { inJob } from '../in-job';
import { DEPLOY, job, SEVERAL } from '../workflow-names';

const WORKER = 'services/production-platform/worker';
const TEST = `      - name: Test ${WORKER} with the race detector\n        working-directory: ${WORKER}\n        run: go test -race ./...\n`;
const VET = `      - name: Vet ${WORKER}\n        working-directory: ${WORKER}\n        run: go vet ./...\n`;

const gate = (name: string, from: string, to: string, place = 'test'): Mutation => ({
  name,
  owner: 'P08',
  place: job(place, SEVERAL),
  apply: (sample) => inJob(sample, SEVERAL, 'test', from, to),
});
const run = (script: string) => TEST.replace('go test -race ./...', script);

/** Tests in Go that are green whatever they find. */
export const GO_MUTATIONS: readonly Mutation[] = [
  gate('a module that is not tested', TEST, '', 'deploy-staging'),
  gate('a module that is not vetted', VET, '', 'deploy-staging'),
  gate(
    'one module is tested twice',
    TEST,
    TEST.replaceAll(WORKER, WORKER.replace('worker', 'api')),
    'deploy-staging',
  ),
  gate('tests without the race detector', TEST, run('go test ./...')),
  gate('tests of Go whose exit code is swallowed', TEST, run('go test -race ./... || true')),
  gate('tests of Go of which some are left out', TEST, run('go test -race -run TestSmoke ./...')),
  gate('tests of Go that are skipped by name', TEST, run('go test -race -skip Slow ./...')),
  gate('short tests of Go', TEST, run('go test -race -short ./...')),
  gate('tests of Go that run no time at all', TEST, run('go test -race -count=0 ./...')),
  gate('tests of Go that another program runs', TEST, run('go test -race -exec true ./...')),
  gate('tests of one package', TEST, run('go test -race .')),
  gate('tests of Go behind another command', TEST, run('cd internal && go test -race ./...')),
  gate(
    'a vet whose findings are filtered',
    VET,
    VET.replace('go vet ./...', 'go vet ./... | grep -v shadow'),
  ),
  gate('a vet that looks for one thing', VET, VET.replace('go vet ./...', 'go vet -printf ./...')),
  gate(
    'tests of Go with options from the environment',
    TEST,
    TEST.replace(
      '        working-directory',
      '        env:\n          GOFLAGS: -run=^$\n        working-directory',
    ),
  ),
  gate(
    'tests of Go whose failure is green',
    TEST,
    TEST.replace('        working-directory', '        continue-on-error: true\n        working-directory'),
  ),
  gate(
    'tests of Go with a condition',
    TEST,
    TEST.replace(
      '        working-directory',
      "        if: github.actor != 'octocat'\n        working-directory",
    ),
  ),
  gate(
    'a module of which files were not checked out',
    '          persist-credentials: false\n',
    `          persist-credentials: false\n          sparse-checkout: ${WORKER}\n`,
  ),
];

const BY_HAND = '  workflow_dispatch:\n';
const starts = (name: string, file: string, from: string, to: string): Mutation => ({
  name,
  owner: 'P08',
  place: new RegExp(`${file.replace('.', '\\.')}(?::\\d+)?$`),
  apply: (sample) => editWorkflow(sample, file, from, to),
});
const workload = (
  sample: Sources,
  id: string,
  changes: Partial<Sources['manifest']['workloads'][number]>,
) => {
  sample.manifest = {
    ...sample.manifest,
    workloads: sample.manifest.workloads.map((one) => (one.id === id ? { ...one, ...changes } : one)),
  };
};

/** Deliveries that start when the manifest says otherwise. */
export const STARTED_BY_HAND_MUTATIONS: readonly Mutation[] = [
  starts('a push delivers what people start', SEVERAL, BY_HAND, `  push:\n    branches: [main]\n${BY_HAND}`),
  starts('a tag delivers what people start', SEVERAL, BY_HAND, `  push:\n    tags: [v*]\n${BY_HAND}`),
  starts(
    'a delivery by hand that runs by the clock',
    SEVERAL,
    BY_HAND,
    `  schedule:\n    - cron: "0 5 * * *"\n${BY_HAND}`,
  ),
  starts('an environment that nobody can choose by hand', SEVERAL, '          - production\n', ''),
  {
    name: 'a workload by hand whose file has pushes',
    owner: 'P08',
    place: /kvs-infer-deploy\.yml:\d+$/,
    apply: (sample) => workload(sample, 'kvs-infer', { starts: 'byHand', releaseTags: [] }),
  },
  {
    name: 'a workload on push whose file has none',
    owner: 'P08',
    place: /production-platform-deploy\.yml:\d+$/,
    apply: (sample) => workload(sample, 'production-platform', { starts: 'onPush' }),
  },
  {
    name: 'release tags of a workload that people start',
    owner: 'P08',
    place: 'workloads.production-platform.releaseTags',
    apply: (sample) => workload(sample, 'production-platform', { releaseTags: ['v*'] }),
  },
  {
    name: 'a choice that reaches no environment of a delivery by hand',
    owner: 'P08',
    place: job('deploy-production', SEVERAL),
    apply: (sample) =>
      inJob(
        sample,
        SEVERAL,
        'deploy-production',
        "inputs.environment == 'production'",
        "inputs.environment == 'prod'",
      ),
  },
  {
    name: 'a promotion of several images',
    owner: 'P08',
    place: 'workloads.production-platform.delivery',
    apply: (sample) => workload(sample, 'production-platform', { delivery: 'byPromotion' }),
  },
  {
    name: 'an artifact that another job keeps too',
    owner: 'P11',
    place: job('scan', DEPLOY),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'scan',
        '      - name: Keep the bill of materials\n',
        `      - name: Keep the report\n        uses: actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0\n        with:\n          name: sbom\n          path: trivy.sarif\n\n      - name: Keep the bill of materials\n`,
      ),
  },
  {
    name: 'an artifact that no job keeps',
    owner: 'P11',
    place: job('attest', DEPLOY),
    apply: (sample) => inJob(sample, DEPLOY, 'attest', 'name: sbom\n', 'name: sbom-kvs-infer\n'),
  },
];
