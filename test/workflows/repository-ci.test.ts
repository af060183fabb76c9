import { manifest } from '../fixtures/manifest';
import { inputsOf, permissionsOf, planOf, scriptsOf } from './planned';

describe('the check of the repository itself', () => {
  const plan = planOf(manifest(), 'ci.yml');
  const [job, ...others] = plan.jobs;

  test('runs on pull requests and on the branch, and nothing in it can write or reach AWS', () => {
    expect(plan.triggers).toEqual({ push: { branches: ['main'] }, pullRequest: { branches: ['main'] } });
    expect(others).toEqual([]);
    expect(permissionsOf(job!)).toEqual(['contents: read']);
    expect(job?.role).toBeUndefined();
    expect(job?.environment).toBeUndefined();
    expect(inputsOf(job!, 'actions/checkout')).toEqual([{ 'persist-credentials': false }]);
    expect(inputsOf(job!, 'actions/setup-node')).toEqual([
      { 'node-version': '20', 'package-manager-cache': false },
    ]);
  });

  test('generates anew, tests, and last of all compares with what is committed, new files too', () => {
    expect(scriptsOf(job!)).toEqual([
      'npm ci',
      'npm start',
      'npx lockstep rehearse',
      'npm test',
      'git add --intent-to-add --all\ngit diff --exit-code\n',
    ]);
    expect(job?.steps.map(({ condition }) => condition).filter(Boolean)).toEqual([]);
  });

  test('cancels the check of an older commit of a pull request, never that of the branch', () => {
    expect(job?.concurrency).toEqual({
      group: 'ci-${{ github.ref }}',
      cancelInProgress: "${{ github.event_name == 'pull_request' }}",
    });
  });
});
