import type { DeployManifest } from '../../contract';
import { manifest } from '../fixtures/manifest';
import { commandsOf, deliveryOf, jobOf, rollbackOf } from './planned';

const REPOSITORY = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-infer';

describe('the deployments', () => {
  test('A05 deploys the same digest everywhere', () => {
    const image = `${REPOSITORY}@\${{ needs.build.outputs.digest }}`;
    for (const id of ['deploy-staging', 'deploy-production']) {
      const step = jobOf(deliveryOf(), id).steps.find(({ kind }) => kind === 'command');
      expect(step?.env).toEqual({ IMAGE: image });
    }
  });

  test('A05 goes up to the chosen environment and no further', () => {
    const three = manifest();
    const extended: DeployManifest = {
      ...three,
      environments: [...three.environments, { ...three.environments[1]!, name: 'canada' }],
      targets: [...three.targets, { ...three.targets[1]!, id: 'kvs-infer-canada', environment: 'canada' }],
      workloads: [{ ...three.workloads[0]!, environments: ['staging', 'production', 'canada'] }],
    };
    const plan = deliveryOf(extended);
    expect(jobOf(plan, 'deploy-staging').condition).toBeUndefined();
    expect(jobOf(plan, 'deploy-production').condition).toBe(
      "github.event_name == 'push' || inputs.environment == 'production' || inputs.environment == 'canada'",
    );
    expect(jobOf(plan, 'deploy-canada').condition).toBe(
      "github.event_name == 'push' || inputs.environment == 'canada'",
    );
  });

  test('A05 enters each environment by its own role and protection', () => {
    expect(jobOf(deliveryOf(), 'deploy-production')).toMatchObject({
      environment: 'production',
      role: { id: 'kvs-infer-production-deploy', sessionMinutes: 45 },
      timeoutMinutes: 45,
      concurrency: { group: 'kvs-infer-production', cancelInProgress: false },
    });
  });

  test('A06 rolls back exactly when that deployment failed, and waits for nobody', () => {
    const job = jobOf(deliveryOf(), 'rollback-production');
    expect(job).toMatchObject({
      condition: "failure() && needs.deploy-production.result == 'failure'",
      environment: 'production-rollback',
      role: { id: 'kvs-infer-production-rollback' },
    });
    // The command verifies by itself: after a correct rollback to no task at all nothing may turn red.
    expect(commandsOf(job)).toEqual(['rollback']);
    expect(jobOf(deliveryOf(), 'rollback-staging')).toMatchObject({
      environment: 'staging',
      role: { id: 'kvs-infer-staging-deploy' },
    });
  });

  test('A06 says why a rollback runs, and why its environment is another one', () => {
    expect(jobOf(deliveryOf(), 'rollback-staging').reason).toEqual([
      expect.stringContaining('this deployment failed'),
    ]);
    expect(jobOf(deliveryOf(), 'rollback-production').reason).toEqual([
      expect.stringContaining('this deployment failed'),
      expect.stringMatching(/^The environment is production-rollback, not production: .*approval/),
    ]);
    expect(jobOf(deliveryOf(), 'deploy-production').reason).toEqual([expect.stringContaining('by hand')]);
    expect(jobOf(deliveryOf(), 'deploy-staging').reason).toBeUndefined();
  });

  test('A06 never shares a group with a deployment that may wait for approval', () => {
    const groups = [...deliveryOf().jobs, ...rollbackOf().jobs].map(({ concurrency }) => concurrency.group);
    expect(new Set(groups).size).toBe(groups.length);
  });
});
