import type { DeployManifest } from '../../contract';
import { planPipelines, renderWorkflow } from '../../workflows';
import { manifest, withWorkload } from '../fixtures/manifest';
import { byPromotion } from './by-promotion';
import { EMAIL, noticed, PAGER_DUTY, SLACK } from './noticed';
import {
  actionsOf,
  commandLines,
  deliveryOf,
  edges,
  inputsOf,
  jobOf,
  permissionsOf,
  planOf,
  rollbackOf,
  stepNames,
} from './planned';

const SECRETS = {
  SLACK_WEBHOOK_URL: '${{ secrets.SLACK_WEBHOOK_URL }}',
  PAGERDUTY_ROUTING_KEY: '${{ secrets.PAGERDUTY_ROUTING_KEY }}',
};

describe('the jobs that tell people', () => {
  const plan = deliveryOf(noticed());

  test('D01 D06 come after deployment and way back of each environment, and hold up no other deployment', () => {
    expect(edges(plan)).toMatchObject({
      'notify-staging': ['deploy-staging', 'rollback-staging'],
      'deploy-production': ['build', 'scan', 'deploy-staging'],
      'notify-production': ['deploy-production', 'rollback-production'],
    });
    const needed = plan.jobs.flatMap(({ needs }) => needs);
    expect(needed.filter((id) => id.startsWith('notify-'))).toEqual([]);
  });

  test('D06 run when the deployment succeeded or failed, whatever became of the way back', () => {
    expect(jobOf(plan, 'notify-staging').condition).toBe(
      "always() && (needs.deploy-staging.result == 'success' || needs.deploy-staging.result == 'failure')",
    );
  });

  test('D06 wait for no approval: the secrets are those of the environment of the way back', () => {
    expect(jobOf(plan, 'notify-staging').environment).toBe('staging');
    expect(jobOf(plan, 'notify-production').environment).toBe('production-rollback');
    expect(plan.comment).toContain(
      'It needs the secret SLACK_WEBHOOK_URL of the environments staging, production-rollback.',
    );
  });

  test('D01 D06 hand both results to the command, and each secret to its one step alone', () => {
    const job = jobOf(plan, 'notify-production');
    expect(commandLines(job)).toEqual([
      'exec node .lockstep/cli.mjs notify kvs-infer --environment production --deployment "$DEPLOYMENT" --rollback "$ROLLBACK"',
    ]);
    expect(job.steps.at(-1)?.env).toEqual({
      DEPLOYMENT: '${{ needs.deploy-production.result }}',
      ROLLBACK: '${{ needs.rollback-production.result }}',
      GITHUB_TOKEN: '${{ github.token }}',
      ...SECRETS,
    });
    const texts = renderWorkflow(plan).split('\n');
    expect(texts.filter((line) => line.includes('secrets.SLACK_WEBHOOK_URL'))).toHaveLength(2);
  });

  test('D06 sign in to write mail, with a role of their own, and call nothing else', () => {
    const job = jobOf(plan, 'notify-production');
    expect(permissionsOf(job)).toEqual(['contents: read', 'actions: read', 'id-token: write']);
    expect(job.role).toEqual({ id: 'kvs-infer-production-notify', sessionMinutes: 15 });
    expect(actionsOf([job])).toEqual(['sns:Publish']);
    expect(inputsOf(job, 'aws-actions/configure-aws-credentials')).toMatchObject([
      { 'allowed-account-ids': '222222222222', 'aws-region': 'us-east-1' },
    ]);
  });

  test('D06 have no way to AWS where nobody gets mail', () => {
    const job = jobOf(deliveryOf(noticed([SLACK, PAGER_DUTY])), 'notify-production');
    expect(permissionsOf(job)).toEqual(['contents: read', 'actions: read']);
    expect(job.role).toBeUndefined();
    expect(actionsOf([job])).toEqual([]);
    expect(stepNames(job)).toEqual(['Check out the pipeline command', 'Tell the people who must know']);
    expect(job.steps.at(-1)?.env).toMatchObject(SECRETS);
  });

  test('D06 need no secret where everybody gets mail', () => {
    const mail = planPipelines(noticed([EMAIL]))
      .map(renderWorkflow)
      .join('\n');
    expect(mail).not.toContain('secrets.');
  });

  test('D06 tell of a way back that somebody has chosen, and not of a list', () => {
    const rollback = rollbackOf(noticed());
    const job = jobOf(rollback, 'notify-production');
    expect(job.needs).toEqual(['rollback-production']);
    expect(job.condition).toBe(
      "always() && (needs.rollback-production.result == 'success' || needs.rollback-production.result == 'failure') && (inputs.revision != '' || inputs.commit != '')",
    );
    expect(commandLines(job)).toEqual([
      'exec node .lockstep/cli.mjs notify kvs-infer --environment production --rollback "$ROLLBACK"',
    ]);
    expect(job.steps.at(-1)?.env).toEqual({
      ROLLBACK: '${{ needs.rollback-production.result }}',
      GITHUB_TOKEN: '${{ github.token }}',
      ...SECRETS,
    });
    const revisions = rollbackOf(noticed([SLACK], withWorkload({ rollbackByCommit: false })));
    expect(jobOf(revisions, 'notify-staging').condition).toMatch(/ && inputs\.revision != ''$/);
  });

  test('D06 follow a promotion too', () => {
    const whole: DeployManifest = noticed([SLACK], byPromotion());
    expect(edges(planOf(whole, 'bikeshare-promote-production.yml'))).toMatchObject({
      'notify-production': ['deploy-production', 'rollback-production'],
    });
    expect(edges(planOf(whole, 'bikeshare-cd-staging.yml'))).toMatchObject({
      'notify-staging': ['deploy-staging', 'rollback-staging'],
    });
  });

  test('D06 are there for workloads with notices only', () => {
    const ids = planPipelines(manifest()).flatMap(({ jobs }) => jobs.map(({ id }) => id));
    expect(ids.filter((id) => id.startsWith('notify-'))).toEqual([]);
  });
});
