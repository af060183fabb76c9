import { editWorkflow, type Mutation } from '../sample';
import { inJob } from './in-job';
import { DEPLOY, job } from './workflow-names';

/** Defects of rollbacks. */
export const WAY_BACK_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a deployment without rollback',
    owner: 'P09',
    place: job('deploy-production'),
    apply: (sample) => inJob(sample, DEPLOY, 'rollback-production', '', ''),
  },
  {
    name: 'a rollback that undoes whatever was deployed last when its own deployment never started',
    owner: 'P09',
    place: job('rollback-production'),
    apply: (sample) => inJob(sample, DEPLOY, 'rollback-production', ' --failed', ''),
  },
  {
    name: 'a deployment whose failure the shell swallows',
    owner: 'P09',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'deploy-staging', '--image "$IMAGE"', '--image "$IMAGE" || true'),
  },
  {
    name: 'a deployment in the background of its shell',
    owner: 'P09',
    place: job('deploy-production'),
    apply: (sample) => inJob(sample, DEPLOY, 'deploy-production', '--image "$IMAGE"', '--image "$IMAGE" &'),
  },
  {
    name: 'a deployment that does not hear when its run is cancelled',
    owner: 'P09',
    place: job('deploy-staging'),
    apply: (sample) => inJob(sample, DEPLOY, 'deploy-staging', 'run: exec node', 'run: node'),
  },
  {
    name: 'a rollback whose failure the shell swallows',
    owner: 'P09',
    place: job('rollback-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-production',
        '${VERSION:+--version "$VERSION"}',
        '${VERSION:+--version "$VERSION"}; true',
      ),
  },
  {
    name: 'a deployment that a later run cancels',
    owner: 'P09',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'deploy-production', 'cancel-in-progress: false', 'cancel-in-progress: true'),
  },
  {
    name: 'a delivery that a later run cancels as a whole',
    owner: 'P09',
    place: /kvs-infer-deploy\.yml$/,
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        'permissions: {}\n',
        'permissions: {}\n\nconcurrency:\n  group: deliver\n  cancel-in-progress: true\n',
      ),
  },
  {
    name: 'a rollback that runs after a success',
    owner: 'P09',
    place: job('rollback-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-production',
        "if: failure() && needs.deploy-production.result == 'failure'",
        "if: needs.deploy-production.result == 'success'",
      ),
  },
  {
    name: 'a rollback whose condition lost failure(), so that GitHub skips it',
    owner: 'P09',
    place: job('rollback-staging'),
    apply: (sample) => inJob(sample, DEPLOY, 'rollback-staging', 'if: failure() && needs', 'if: needs'),
  },
  {
    name: 'a rollback that runs when anything before it failed',
    owner: 'P09',
    place: job('rollback-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-staging',
        "failure() && needs.deploy-staging.result == 'failure'",
        'failure()',
      ),
  },
  {
    name: 'a rollback that always runs',
    owner: 'P09',
    place: job('rollback-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-production',
        "failure() && needs.deploy-production.result == 'failure'",
        'always()',
      ),
  },
  {
    name: 'a rollback that waits for a job which may be skipped',
    owner: 'P09',
    place: job('rollback-staging'),
    apply: (sample) => {
      inJob(sample, DEPLOY, 'rollback-staging', 'needs: [deploy-staging]', 'needs: [deploy-staging, attest]');
      inJob(
        sample,
        DEPLOY,
        'rollback-staging',
        "needs.deploy-staging.result == 'failure'",
        "needs.deploy-staging.result == 'failure' && needs.attest.result == 'success'",
      );
    },
  },
  {
    name: 'a rollback of another environment',
    owner: 'P09',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-production',
        'rollback kvs-infer --environment production',
        'rollback kvs-infer --environment staging',
      ),
  },
  {
    name: 'a rollback that waits for approval',
    owner: 'P09',
    place: job('rollback-production'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'rollback-production', 'name: production-rollback', 'name: production'),
  },
  {
    name: 'a rollback that only lists',
    owner: 'P09',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-staging',
        '--environment staging --failed',
        '--environment staging --list',
      ),
  },
  {
    name: 'a rollback that stands in the queue of deployments',
    owner: 'P09',
    place: job('rollback-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-staging',
        'group: kvs-infer-staging-rollback-${{ github.run_id }}',
        'group: kvs-infer-staging',
      ),
  },
  {
    name: 'an output of the deployment that was removed',
    owner: 'P09',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-staging',
        '      deployment: ${{ steps.deploy.outputs.deployment }}\n',
        '',
      ),
  },
  {
    name: 'a rollback that is not told which deployment failed',
    owner: 'P09',
    place: job('rollback-production'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'rollback-production', ' ${DEPLOYMENT:+--deployment "$DEPLOYMENT"}', ''),
  },
  {
    name: 'a rollback that is given the version in place of the deployment',
    owner: 'P09',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-production',
        'steps.deploy.outputs.deployment',
        'steps.deploy.outputs.version',
      ),
  },
];
