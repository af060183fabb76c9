import { editWorkflow, type Mutation, type Sources } from '../sample';
import { inJob } from './in-job';
import { DEPLOY, job } from './workflow-names';

const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;
const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';
const DOWNLOAD = 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1';
const SPARSE = '          sparse-checkout: .lockstep\n';
const SIGN_IN = '      - name: Sign in to AWS\n';
const DEPLOYS = '        id: deploy\n';
const PRODUCTION = 'deploy-production';

const change =
  (from: string | RegExp, to: string, id = PRODUCTION) =>
  (sample: Sources) =>
    inJob(sample, DEPLOY, id, from, to);
const after = (from: string, more: string, id = PRODUCTION) => change(from, `${from}${more}`, id);
/** A step in front of the sign-in. */
const before = (step: string, id = PRODUCTION) => change(SIGN_IN, `${step}\n${SIGN_IN}`, id);

function code(
  name: string,
  apply: Mutation['apply'],
  place = PRODUCTION,
  owner: 'P04' | 'P12' = 'P12',
): Mutation {
  return { name, owner, place: job(place), apply };
}

/** Code that nobody reviewed and that gets into a job with a session. */
export const BESIDE_SESSION_MUTATIONS: readonly Mutation[] = [
  code('another ref is checked out', after(SPARSE, '          ref: develop\n')),
  code('another repository is checked out', after(SPARSE, '          repository: octo-org/other\n')),
  code(
    'another repository is checked out behind the sign-in',
    change(
      '      # With `exec`',
      `      - uses: ${CHECKOUT}\n        with:\n          persist-credentials: false\n          repository: octo-org/other\n\n      # With \`exec\``,
    ),
  ),
  code(
    'the tests are those of another ref',
    after('          persist-credentials: false\n', '          ref: main\n', 'test'),
    'test',
  ),
  code(
    'the command runs in another folder',
    after(DEPLOYS, '        working-directory: services/kvs-infer\n'),
  ),
  code(
    'every script of the job runs in another folder',
    after('    timeout-minutes: 45\n', '    defaults:\n      run:\n        working-directory: services\n'),
  ),
  code('every script of the file runs in another folder', (sample) =>
    editWorkflow(sample, DEPLOY, '    shell: bash\n', '    shell: bash\n    working-directory: services\n'),
  ),
  code(
    'the script leaves the folder before it runs the command',
    change(
      'run: exec node .lockstep/cli.mjs image find',
      'run: cd services && exec node .lockstep/cli.mjs image find',
      'build',
    ),
    'build',
  ),
  code(
    'NODE_OPTIONS of a step',
    change('          IMAGE: 222', '          NODE_OPTIONS: --require ./hook.cjs\n          IMAGE: 222'),
  ),
  code('LD_PRELOAD of a job', after('    timeout-minutes: 45\n', '    env:\n      LD_PRELOAD: ./hook.so\n')),
  {
    name: 'BASH_ENV of a file',
    owner: 'P12',
    place: /kvs-infer-deploy\.yml$/,
    apply: (sample) =>
      editWorkflow(sample, DEPLOY, 'permissions: {}\n', 'permissions: {}\n\nenv:\n  BASH_ENV: ./hook.sh\n'),
  },
  code(
    'a proxy of an action',
    after(
      '        uses: aquasecurity/trivy-action@ed142fd0673e97e23eac54620cfb913e5ce36c25 # v0.36.0\n        with:\n          version',
      ': v0.70.0\n        env:\n          HTTPS_PROXY: http://proxy.example\n        #',
      'scan',
    ),
    'scan',
  ),
  code(
    'NODE_OPTIONS for the steps that follow',
    before('      - run: echo "NODE_OPTIONS=--require ./hook.cjs" >> "$GITHUB_ENV"\n'),
  ),
  code(
    'variables of an input for the steps that follow',
    before(
      '      - env:\n          NAME: ${{ inputs.environment }}\n        run: echo "NAME=$NAME" >> "$GITHUB_ENV"\n',
    ),
  ),
  code('a folder in front of the PATH', before('      - run: echo "$PWD/bin" >> $GITHUB_PATH\n')),
  code('the job runs in an image', after('    runs-on: ubuntu-24.04\n', `    container: node:20${DIGEST}\n`)),
  code(
    'an image runs beside the job',
    after('    runs-on: ubuntu-24.04\n', `    services:\n      proxy:\n        image: proxy:1${DIGEST}\n`),
  ),
  code('an image runs as a step before the sign-in', before(`      - uses: docker://alpine:3${DIGEST}\n`)),
  code(
    'an artifact of another job is unpacked over the command',
    before(`      - uses: ${DOWNLOAD}\n        with:\n          name: sbom\n`),
  ),
  code(
    'a script writes the command anew',
    before('      - run: echo "process.exit(0)" > .lockstep/cli.mjs\n'),
  ),
  code(
    'a script takes the files of another commit',
    before('      - run: git checkout origin/develop -- .\n', 'build'),
    'build',
  ),
  code(
    'a script finds out about node before the command',
    change(
      'run: exec node .lockstep/cli.mjs image find',
      'run: node() { true; }; node .lockstep/cli.mjs image find',
      'build',
    ),
    'build',
  ),
  code('a runner that somebody keeps', change('runs-on: ubuntu-24.04', 'runs-on: [self-hosted, gpu]')),
  code(
    'a build on a runner that somebody keeps',
    change('runs-on: ubuntu-24.04', 'runs-on: self-hosted', 'build'),
    'build',
  ),
  code(
    'tokens that go to another place than AWS',
    after('          aws-region: us-east-1\n', '          sts-endpoint: https://sts.example.com\n'),
  ),
  code(
    'a report that is written over the command',
    before(
      '      - uses: aquasecurity/trivy-action@ed142fd0673e97e23eac54620cfb913e5ce36c25 # v0.36.0\n        with:\n          version: v0.70.0\n          scan-type: fs\n          output: .lockstep/cli.mjs\n',
      'build',
    ),
    'build',
  ),
  code(
    'files that are copied over those of the checkout',
    before('      - run: cp -r services/. .\n', 'build'),
    'build',
  ),
  code(
    'a variable for the steps that follow, by a name that is put together',
    before(
      '      - run: |\n          file="GITHUB_EN"\n          file="${file}V"\n          echo "A=b" >> "${!file}"\n',
      'build',
    ),
    'build',
  ),
];

/** The same where the calls of a step can no longer be told. */
export const UNKNOWN_CODE_MUTATIONS: readonly Mutation[] = [
  code(
    'a program of the repository runs before the sign-in',
    before('      - name: Prepare\n        run: ./scripts/prepare.sh\n'),
    PRODUCTION,
    'P04',
  ),
  code(
    'an action of the repository runs before the sign-in',
    before('      - name: Prepare\n        uses: ./.github/actions/prepare\n'),
    PRODUCTION,
    'P04',
  ),
  code(
    'an image runs as a step behind the sign-in',
    change('      # With `exec`', `      - uses: docker://alpine:3${DIGEST}\n\n      # With \`exec\``),
    PRODUCTION,
    'P04',
  ),
  code(
    'the command of another folder',
    change('node .lockstep/cli.mjs image find', 'node build/.lockstep/cli.mjs image find', 'build'),
    'build',
    'P04',
  ),
  code(
    'a shell that runs something before the script',
    after(DEPLOYS, '        shell: bash -c "./hook.sh; bash {0}"\n'),
    PRODUCTION,
    'P04',
  ),
];
