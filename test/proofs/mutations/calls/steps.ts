import { editWorkflow, type Mutation } from '../../sample';
import { DEPLOY, DEPLOY_PRODUCTION, PRODUCTION, afterSignIn } from './edit';

/** Steps that call something else, or out of sight, which P04 must find. */
export const STEP_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a step copies a report to a bucket',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => afterSignIn(sample, 'aws s3 cp report.json s3://reports/report.json'),
  },
  {
    name: 'a step asks ECS for a task set with a line of its own',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) =>
      afterSignIn(
        sample,
        `count=$(aws ecs list-services \\\n            --cluster ${PRODUCTION} | jq length)`,
      ),
  },
  {
    name: 'a step pushes an image after signing in, out of sight',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => afterSignIn(sample, './scripts/finish.sh'),
  },
  {
    name: 'the scan job tags the image',
    owner: 'P04',
    place: 'scan/Keep the bill of materials',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        /uses: actions\/upload-artifact@[0-9a-f]{40} # v[\d.]+\n {8}with:\n {10}name: sbom\n {10}path: sbom\.cdx\.json\n {10}if-no-files-found: error/,
        'run: node .lockstep/cli.mjs image tag kvs-infer --image "$IMAGE"',
      ),
  },
  {
    name: 'the command names an environment of another role',
    owner: 'P04',
    place: 'deploy-staging/Deploy and wait for the end',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        'cli.mjs deploy kvs-infer --environment staging',
        'cli.mjs deploy kvs-infer --environment production',
      ),
  },
  {
    name: 'the command names a workload that is not there',
    owner: 'P04',
    place: 'deploy-staging/Deploy and wait for the end',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        'cli.mjs deploy kvs-infer --environment staging',
        'cli.mjs deploy kvs-train --environment staging',
      ),
  },
  {
    name: 'the environment of a command is chosen when the job runs',
    owner: 'P04',
    place: 'deploy-staging/Deploy and wait for the end',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        'cli.mjs deploy kvs-infer --environment staging',
        'cli.mjs deploy kvs-infer --environment ${{ inputs.environment }}',
      ),
  },
  {
    name: 'a job forgets to sign in',
    owner: 'P04',
    place: 'rollback-staging/Roll back to the last stable version',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        /aws-actions\/configure-aws-credentials@[^\n]*\n {8}with:\n {10}role-to-assume: [^\n]*\n {10}aws-region: us-east-1\n {10}role-session-name: kvs-infer-staging-rollback-[^\n]*\n {10}role-duration-seconds: \d+\n {10}allowed-account-ids: '\d+'\n {10}mask-aws-account-id: true/,
        'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
      ),
  },
  {
    name: 'an image of another repository is deployed',
    owner: 'P04',
    place: 'build/Tag the image',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        /(?<=IMAGE: 222222222222\.dkr\.ecr\.us-east-1\.amazonaws\.com\/ml-platform\/)kvs-infer(?=@\$\{\{ steps\.image)/,
        'kvs-train',
      ),
  },
  {
    name: 'a step is written in another language',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        `        run: ${DEPLOY_PRODUCTION}`,
        `        shell: python\n        run: ${DEPLOY_PRODUCTION}`,
      ),
  },
  {
    name: 'a session of fixed keys',
    owner: 'P04',
    place: 'deploy-production/Sign in to AWS',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        `${PRODUCTION}-deploy\n`,
        `${PRODUCTION}-deploy\n          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}\n`,
      ),
  },
  {
    name: 'a session that a policy of the step narrows',
    owner: 'P04',
    place: 'deploy-production/Sign in to AWS',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        `${PRODUCTION}-deploy\n`,
        `${PRODUCTION}-deploy\n          inline-session-policy: '{"Version":"2012-10-17","Statement":[]}'\n`,
      ),
  },
  {
    name: 'a session whose keys are handed on',
    owner: 'P04',
    place: 'deploy-production/Sign in to AWS',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        `${PRODUCTION}-deploy\n`,
        `${PRODUCTION}-deploy\n          output-credentials: true\n`,
      ),
  },
  {
    name: 'a session that managed policies narrow',
    owner: 'P04',
    place: 'deploy-production/Sign in to AWS',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        `${PRODUCTION}-deploy\n`,
        `${PRODUCTION}-deploy\n          managed-session-policies: arn:aws:iam::aws:policy/ReadOnlyAccess\n`,
      ),
  },
  {
    name: 'the role to assume comes from a variable',
    owner: 'P04',
    place: 'deploy-production/Sign in to AWS',
    apply: (sample) =>
      editWorkflow(sample, DEPLOY, `arn:aws:iam::222222222222:role/${PRODUCTION}-deploy`, '${{ vars.ROLE }}'),
  },
  {
    name: 'an action that nobody reviewed runs with the session',
    owner: 'P04',
    place: 'deploy-production/Notify',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        `        run: ${DEPLOY_PRODUCTION}\n`,
        `        run: ${DEPLOY_PRODUCTION}\n\n      - name: Notify\n        uses: someone/notify@0123456789012345678901234567890123456789\n`,
      ),
  },
];
