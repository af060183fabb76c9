import { planPipelines } from '../../workflows';
import { manifest } from '../fixtures/manifest';
import { deliveryOf, inputsOf, jobOf, actionsOf } from './planned';
import { buildPlatform } from '../../lib/build-platform';
import platform from '../fixtures/sample-platform';
import { byPromotion } from './by-promotion';
import { gpuChecked } from './gpu-checked';
import { noticed } from './noticed';
import { severalImages } from './several-images';

// What the platform of this repository emits, beside the fixture.
const { manifest: emitted } = buildPlatform(platform);

describe('every planned job', () => {
  const jobs = [
    manifest(),
    emitted,
    severalImages({ attestations: true }),
    severalImages({ worker: 'dockerHub' }),
    byPromotion({ environments: ['staging', 'production', 'canada'] }),
    noticed(undefined, gpuChecked()),
  ].flatMap((whole) =>
    planPipelines(whole).flatMap((plan) => plan.jobs.map((job) => ({ whole, plan, job }))),
  );

  test.each(
    jobs.map(
      ({ whole, plan, job }) => [`${plan.file} ${job.id} (${whole.targets[0]?.kind})`, job, whole] as const,
    ),
  )('%s is well formed', (_, job, whole) => {
    expect(job.name).not.toBe('');
    expect(job.timeoutMinutes).toBeGreaterThan(0);
    expect(job.permissions.map(({ scope }) => scope)).toHaveLength(
      new Set(job.permissions.map(({ scope }) => scope)).size,
    );
    for (const { reason } of job.permissions) expect(reason).toMatch(/^\S.{9,}$/);
    const signIns = inputsOf(job, 'aws-actions/configure-aws-credentials');
    expect(signIns).toHaveLength(job.role ? 1 : 0);
    if (job.role) {
      expect(job.permissions.map(({ scope }) => scope)).toContain('id-token');
      expect(job.role.sessionMinutes).toBeGreaterThanOrEqual(job.timeoutMinutes);
      expect(signIns[0]?.['role-duration-seconds']).toBe(job.role.sessionMinutes * 60);
      const role = whole.roles.find(({ id }) => id === job.role?.id);
      expect(signIns[0]).toMatchObject({
        'role-to-assume': role?.arn,
        'allowed-account-ids': role?.account,
        'mask-aws-account-id': true,
      });
      expect(role?.arn).toBe(`arn:aws:iam::${role?.account}:role/${role?.name}`);
      expect(role?.environment).toBe(job.environment);
    }
    if (job.steps.some(({ calls }) => calls.length > 0)) expect(job.role).toBeDefined();
    const steps = job.steps.flatMap(({ id }) => id ?? []);
    expect(new Set(steps).size).toBe(steps.length);
  });

  test('nothing that deploys is cancelled by a later run', () => {
    const deploying = jobs.filter(({ job }) => job.role).map(({ job }) => job.concurrency.cancelInProgress);
    expect(new Set(deploying)).toEqual(new Set([false]));
  });

  test('the session name fits into 64 characters even for long names', () => {
    const long = 'a'.repeat(60);
    const plans = planPipelines(manifest({ workloads: [long] }));
    const names = plans.flatMap((plan) =>
      plan.jobs.flatMap((job) =>
        inputsOf(job, 'aws-actions/configure-aws-credentials').map((input) => input['role-session-name']),
      ),
    );
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(String(name).replace('${{ github.run_id }}', '9'.repeat(20)).length).toBeLessThanOrEqual(64);
    }
  });

  test('calls of the build and scan jobs are those that the registry grants, no more and no fewer', () => {
    const image = manifest().images[0]!;
    const granted = (calls: typeof image.calls.publish) =>
      [...new Set(calls.map(({ action }) => action))].sort();
    expect(actionsOf([jobOf(deliveryOf(), 'build')])).toEqual(granted(image.calls.publish));
    expect(actionsOf([jobOf(deliveryOf(), 'scan')])).toEqual(granted(image.calls.scan));
  });

  test('calls of the commands are those of the verbs behind them', () => {
    expect(actionsOf([jobOf(deliveryOf(), 'deploy-staging')])).toEqual([
      'toy:Confirm',
      'toy:Deploy',
      'toy:Diagnose',
      'toy:Verify',
      'toy:Wait',
    ]);
    expect(actionsOf([jobOf(deliveryOf(), 'rollback-staging')])).toEqual([
      'toy:Confirm',
      'toy:Diagnose',
      'toy:Rollback',
      'toy:Verify',
    ]);
  });
});
