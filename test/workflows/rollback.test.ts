import { spawnSync } from 'node:child_process';
import { manifest, withWorkload } from '../fixtures/manifest';
import { actionsOf, commandLines, inputsOf, jobOf, permissionsOf, rollbackOf, stepNames } from './planned';

const REPOSITORY = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-infer';

describe('the rollback by hand', () => {
  const plan = rollbackOf(withWorkload({ rollbackByCommit: false }));

  test('A07 takes environment and revision, and fixes role and environment in the file', () => {
    expect(plan.triggers).toEqual({
      dispatch: {
        inputs: {
          environment: {
            type: 'choice',
            description: 'Environment to roll back',
            options: ['staging', 'production'],
          },
          revision: { type: 'string', description: expect.stringContaining('to list the stable ones') },
        },
      },
    });
    expect(
      plan.jobs.map(({ id, condition, environment, role }) => [id, condition, environment, role?.id]),
    ).toEqual([
      ['rollback-staging', "inputs.environment == 'staging'", 'staging', 'kvs-infer-staging-deploy'],
      [
        'rollback-production',
        "inputs.environment == 'production'",
        'production',
        'kvs-infer-production-deploy',
      ],
    ]);
  });

  test('A07 lists the stable revisions without one, and goes back with one', () => {
    const steps = jobOf(plan, 'rollback-production').steps.filter(({ kind }) => kind === 'command');
    expect(steps.map(({ name, condition }) => [name, condition])).toEqual([
      ['List the stable revisions in the summary', "inputs.revision == ''"],
      ['Roll back to the revision', "inputs.revision != ''"],
    ]);
    expect(steps[0]?.calls.map(({ action }) => action)).toEqual(['toy:Status']);
  });

  test('D03 knows no commit where the workload does not go back to one', () => {
    expect(JSON.stringify(plan)).not.toContain('commit');
  });
});

describe('the rollback to a commit', () => {
  const plan = rollbackOf();
  const find = jobOf(plan, 'find-image');

  test('D03 takes a commit besides', () => {
    expect(Object.keys(plan.triggers.dispatch?.inputs ?? {})).toEqual(['environment', 'revision', 'commit']);
    expect(plan.triggers.dispatch?.inputs['commit']).toMatchObject({ type: 'string' });
  });

  test('D03 finds the image by the tag of the commit, with a role that can only read', () => {
    expect(find.condition).toBe("inputs.commit != ''");
    expect(find.role?.id).toBe('kvs-infer-scan');
    expect(find.environment).toBeUndefined();
    expect(permissionsOf(find)).toEqual(['contents: read', 'id-token: write']);
    expect(commandLines(find)).toEqual([
      'exec node .lockstep/cli.mjs image find kvs-infer --commit "$COMMIT" --required',
    ]);
    expect(find.steps.at(-1)).toMatchObject({ id: 'find', env: { COMMIT: '${{ inputs.commit }}' } });
    expect(actionsOf([find])).toEqual(['ecr:BatchGetImage']);
    const readable = manifest().images[0]?.calls.scan.map(({ action }) => action);
    expect(readable).toEqual(expect.arrayContaining([...actionsOf([find])]));
  });

  test('D03 signs in for the registry of the image, after it has refused other refs', () => {
    const [signIn] = inputsOf(find, 'aws-actions/configure-aws-credentials');
    expect(signIn).toMatchObject({ 'allowed-account-ids': '222222222222', 'aws-region': 'us-east-1' });
    expect(stepNames(find)).toEqual([
      'Refuse a commit beside a revision',
      'Refuse a ref that may not be released',
      'Check out the pipeline command',
      'Sign in to AWS',
      'Look for the image by its tag',
    ]);
  });

  test('D03 hands the digest alone to the environment that was chosen, as an image of the one repository', () => {
    expect(find.outputs).toEqual({ digest: '${{ steps.find.outputs.digest }}' });
    for (const name of ['staging', 'production']) {
      const job = jobOf(plan, `rollback-${name}`);
      expect([job.needs, job.environment, job.role?.id]).toEqual([
        ['find-image'],
        name,
        `kvs-infer-${name}-deploy`,
      ]);
      const steps = job.steps.filter(({ kind }) => kind === 'command');
      expect(steps.map(({ name, condition, env }) => [name, condition, env])).toEqual([
        [
          'List the stable revisions in the summary',
          "inputs.revision == '' && inputs.commit == ''",
          undefined,
        ],
        ['Roll back to the revision', "inputs.revision != ''", { REVISION: '${{ inputs.revision }}' }],
        [
          'Roll back to what runs the image of the commit',
          "inputs.commit != ''",
          { IMAGE: `${REPOSITORY}@\${{ needs.find-image.outputs.digest }}` },
        ],
      ]);
      expect(commandLines(job)).toEqual(
        ['--list', '--revision "$REVISION"', '--image "$IMAGE"'].map(
          (option) => `exec node .lockstep/cli.mjs rollback kvs-infer --environment ${name} ${option}`,
        ),
      );
    }
  });

  test('D03 runs without a commit too, and not when the search for one failed', () => {
    expect(jobOf(plan, 'rollback-staging').condition).toBe(
      "inputs.environment == 'staging' && !cancelled() && (inputs.commit == '' || needs.find-image.result == 'success')",
    );
  });

  test.each([
    ['', 0],
    ['41', 1],
    ['$(exit 0)', 1],
  ])('D03 with a commit and the revision %j its first step ends with %i', (REVISION, status) => {
    const [first] = find.steps;
    const script = first?.kind === 'run' ? first.run : 'exit 99';
    const ran = spawnSync('bash', ['-eo', 'pipefail', '-c', script], { env: { REVISION }, encoding: 'utf8' });
    expect(ran.status).toBe(status);
    expect(ran.stdout).toBe(
      status === 0 ? '' : '::error title=Revision and commit::give one of them and leave the other empty\n',
    );
    expect(first?.env).toEqual({ REVISION: '${{ inputs.revision }}' });
    expect(first?.condition).toBeUndefined();
  });
});
