import type { Mutation, Sources } from '../../sample';
import { inJob } from '../in-job';
import { CHECKS, job, PROMOTE } from '../workflow-names';

const JOB = 'inspect-staging';
const change =
  (from: string | RegExp, to: string, id = JOB) =>
  (sample: Sources) =>
    inJob(sample, CHECKS, id, from, to);
const after = (from: string, more: string, id = JOB) => change(from, `${from}${more}`, id);

const inspection = (
  name: string,
  apply: Mutation['apply'],
  place: Mutation['place'] = job(JOB, CHECKS),
  owner: Mutation['owner'] = 'P08',
): Mutation => ({ name, owner, place, apply });

const ON_PUSH = "    if: github.event_name == 'push'\n";
const IDENTITY = 'exec node .lockstep/cli.mjs identity bikeshare --environment staging';
const DIFF = 'exec node .lockstep/cli.mjs diff bikeshare --environment staging --templates "$TEMPLATES"';
const KEEP = '      - name: Keep the templates\n';

/** Looks at the accounts that see nothing, or that pull requests get at. */
export const INSPECTION_MUTATIONS: readonly Mutation[] = [
  inspection(
    'an environment that nobody identifies',
    change(IDENTITY, 'exec node .lockstep/cli.mjs image find bikeshare'),
    /bikeshare-ci\.yml$/,
  ),
  inspection(
    'an environment that nobody compares',
    change(DIFF, 'exec node .lockstep/cli.mjs status bikeshare --environment staging'),
    /bikeshare-ci\.yml$/,
  ),
  inspection(
    'another environment is identified',
    change(IDENTITY, IDENTITY.replace('staging', 'production')),
  ),
  inspection('another role is expected', after(IDENTITY, ' --role deploy')),
  inspection('an identity whose failure is swallowed', after(IDENTITY, ' || true')),
  inspection(
    'an identity whose failure is green',
    after(
      '      - name: Prove that account and role are the expected ones\n',
      '        continue-on-error: true\n',
    ),
  ),
  inspection(
    'an identity that may be left out',
    after(
      '      - name: Prove that account and role are the expected ones\n',
      '        if: always() && github.run_attempt == 1\n',
    ),
  ),
  inspection(
    'accounts that no push looks at',
    change(ON_PUSH, "    if: github.event_name == 'pull_request'\n"),
  ),
  inspection(
    'accounts that pull requests look at',
    change(ON_PUSH, ''),
    new RegExp(`bikeshare-ci\\.yml:\\d+ ${JOB}/Sign in to AWS`),
    'P02',
  ),
  inspection('templates from nowhere', change('--templates "$TEMPLATES"', '--templates cdk.out')),
  inspection(
    'templates of another artifact',
    change('          name: templates\n', '          name: others\n'),
  ),
  inspection(
    'templates of a job that is not waited for',
    change('    needs: [infrastructure]\n', '    needs: [quality]\n'),
  ),
  inspection(
    'templates that nobody synthesized',
    change(/ {6}- name: Synthesize[^\n]*\n {8}run: npx cdk synth --quiet\n/, '', 'infrastructure'),
  ),
  inspection(
    'templates of which some are kept',
    change('cdk.out/*.template.json', 'cdk.out/*-staging.template.json', 'infrastructure'),
  ),
  inspection(
    'templates that may be missing',
    change('if-no-files-found: error', 'if-no-files-found: ignore', 'infrastructure'),
  ),
  inspection(
    'templates that are kept on pull requests alone',
    change(
      `${KEEP}        if: github.event_name == 'push'\n`,
      `${KEEP}        if: github.event_name == 'pull_request'\n`,
      'infrastructure',
    ),
  ),
  inspection(
    'templates that are unpacked over the command',
    change('          path: ${{ runner.temp }}/templates\n', ''),
    job(JOB, CHECKS),
    'P12',
  ),
  inspection(
    'a template that runs with the session',
    change(DIFF, `node "$TEMPLATES/hook.js"; ${DIFF}`),
    job(JOB, CHECKS),
    'P04',
  ),
  inspection(
    'packages of strangers in the job that signs in',
    change('      - name: Sign in to AWS\n', '      - run: npm ci\n\n      - name: Sign in to AWS\n'),
    job(JOB, CHECKS),
    'P04',
  ),
  inspection(
    'an inspection with the role that deploys',
    change('ml-platform-bikeshare-staging-inspect\n', 'ml-platform-bikeshare-staging-deploy\n'),
  ),
];

const missing = (name: string, file: string, id: string, from: string | RegExp, to: string): Mutation => ({
  name,
  owner: 'P08',
  place: job(id, file),
  apply: (sample) => inJob(sample, file, id, from, to),
});

/** Jobs that find out too late that a file is not there. */
export const FILE_MUTATIONS: readonly Mutation[] = [
  missing(
    'the payload is not checked out',
    PROMOTE,
    'deploy-production',
    '            /services/bikeshare/payload.json\n',
    '',
  ),
  missing(
    'the schema is not checked out for the way back',
    PROMOTE,
    'rollback-production',
    '            /services/bikeshare/answer.schema.json\n',
    '',
  ),
  missing(
    'a manifest is not checked out for the deployment',
    'production-platform-deploy.yml',
    'deploy-production',
    /^ *\/k8s\/production-platform\/production\/30-deployments\/worker\.yaml\n/m,
    '',
  ),
  missing(
    'the command is not checked out',
    PROMOTE,
    'resolve',
    'sparse-checkout: .lockstep',
    'sparse-checkout: services/bikeshare',
  ),
  missing(
    'the folder of the command alone is checked out',
    PROMOTE,
    'deploy-production',
    /sparse-checkout: \|\n[\s\S]*?sparse-checkout-cone-mode: false[^\n]*/,
    'sparse-checkout: .lockstep',
  ),
  missing(
    'single files where git takes folders',
    PROMOTE,
    'deploy-production',
    'sparse-checkout-cone-mode: false',
    'sparse-checkout-cone-mode: true',
  ),
  missing(
    'a file where git takes folders',
    PROMOTE,
    'resolve',
    'sparse-checkout: .lockstep',
    'sparse-checkout: .lockstep/cli.mjs',
  ),
  missing(
    'files by a pattern that cannot be followed',
    PROMOTE,
    'deploy-production',
    '/services/bikeshare/payload.json',
    '/services/*/payload.json',
  ),
  missing(
    'a checkout beside the root',
    CHECKS,
    'inspect-staging',
    '          persist-credentials: false\n',
    '          persist-credentials: false\n          path: source\n',
  ),
  missing(
    'a checkout that may be left out',
    'kvs-infer-deploy.yml',
    'deploy-staging',
    '      - name: Check out the pipeline command\n',
    "      - name: Check out the pipeline command\n        if: github.event_name == 'push'\n",
  ),
];
