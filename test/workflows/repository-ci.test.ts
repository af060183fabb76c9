import { manifest } from '../fixtures/manifest';
import { renderWorkflow } from '../../workflows';
import { commandLines, inputsOf, permissionsOf, planOf, scriptsOf } from './planned';

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

describe('the figures of all deliveries', () => {
  const plan = planOf(manifest(), 'delivery-metrics.yml');
  const [job, ...others] = plan.jobs;

  test('D07 are put together every week and by hand, for the days that were asked for', () => {
    expect(plan.triggers).toEqual({
      schedule: '23 5 * * 1',
      dispatch: { inputs: { days: { type: 'string', description: expect.stringContaining('a week') } } },
    });
    expect(others).toEqual([]);
    expect(commandLines(job!)).toEqual(['exec node .lockstep/cli.mjs metrics ${DAYS:+--days "$DAYS"}']);
    expect(job?.steps.at(-1)?.env).toEqual({
      GITHUB_TOKEN: '${{ github.token }}',
      DAYS: '${{ inputs.days }}',
    });
  });

  test('D07 are read at GitHub, and nothing in it can write or reach AWS', () => {
    expect(permissionsOf(job!)).toEqual(['contents: read', 'actions: read']);
    expect([job?.role, job?.environment]).toEqual([undefined, undefined]);
    expect(inputsOf(job!, 'actions/checkout')).toEqual([
      { 'persist-credentials': false, 'sparse-checkout': '.lockstep' },
    ]);
  });

  test('D07 stand in one file, whatever workloads there are', () => {
    const more = planOf(manifest({ workloads: ['kvs-infer', 'other'] }), 'delivery-metrics.yml');
    expect(renderWorkflow(more)).toBe(renderWorkflow(plan));
  });
});
