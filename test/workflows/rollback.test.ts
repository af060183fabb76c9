import { jobOf, rollbackOf } from './planned';

describe('the rollback by hand', () => {
  test('A07 takes environment and revision, and fixes role and environment in the file', () => {
    const plan = rollbackOf();
    expect(plan.triggers).toMatchObject({
      dispatch: {
        inputs: { environment: { options: ['staging', 'production'] }, revision: { type: 'string' } },
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
    const steps = jobOf(rollbackOf(), 'rollback-production').steps.filter(({ kind }) => kind === 'command');
    expect(steps.map(({ name, condition }) => [name, condition])).toEqual([
      ['List the stable revisions in the summary', "inputs.revision == ''"],
      ['Roll back to the revision', "inputs.revision != ''"],
    ]);
    expect(steps[0]?.calls.map(({ action }) => action)).toEqual(['toy:Status']);
  });
});
