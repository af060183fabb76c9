import { parseWorkflow } from '../../proofs/artefacts';
import { contextOf, mayReach, mint, occurrencesOf } from '../../proofs/claims';
import { refFilter } from '../../proofs/claims/ref-filter';

describe('claims', () => {
  const run = {
    repository: {
      owner: 'octo-org',
      name: 'app',
      ownerId: '123456',
      repositoryId: '456789',
      defaultBranch: 'main',
    },
    form: 'legacy',
    event: 'push',
    ref: 'refs/heads/main',
    workflowName: 'deploy',
    jobWorkflowRef: 'octo-org/app/.github/workflows/deploy.yml@refs/heads/main',
    audience: 'sts.amazonaws.com',
  } as const;

  // https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
  test.each([
    ['an environment', { environment: 'production' }, 'repo:octo-org/app:environment:production'],
    ['a colon', { environment: 'a:b' }, 'repo:octo-org/app:environment:a%3Ab'],
    ['a branch', {}, 'repo:octo-org/app:ref:refs/heads/main'],
    ['a tag', { ref: 'refs/tags/v1' }, 'repo:octo-org/app:ref:refs/tags/v1'],
    ['a pull request', { event: 'pull_request', ref: 'refs/pull/1/merge' }, 'repo:octo-org/app:pull_request'],
    [
      'a pull request in an environment',
      { event: 'pull_request', environment: 'test' },
      'repo:octo-org/app:environment:test',
    ],
    [
      'the immutable form',
      { form: 'immutable', environment: 'production' },
      'repo:octo-org@123456/app@456789:environment:production',
    ],
  ] as const)('the subject of %s', (_, change, sub) => {
    expect(mint({ ...run, ...change })).toMatchObject({
      sub,
      aud: 'sts.amazonaws.com',
      repository_id: '456789',
    });
  });

  test('claims that AWS does not make into keys are absent from the request', () => {
    const token = mint(run);
    expect(token).toHaveProperty('event_name', 'push');
    const claims = Object.keys(contextOf(token)).map((key) => key.slice(key.indexOf(':') + 1));
    expect(claims).toContain('job_workflow_ref');
    expect(claims).not.toContain('event_name');
    expect(claims).not.toContain('runner_environment');
  });

  // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
  test.each([
    [['v*'], ['v', 'v1', 'v1.2.3'], ['x', 'v/1', 'xv1']],
    [['**'], ['a', 'a/b'], []],
    [['releases/**'], ['releases/1/2'], ['release/1']],
    [['v[0-9]+.[0-9]+'], ['v1.2', 'v10.20'], ['v1', 'v1x2', 'va.b']],
    [['colou?r'], ['color', 'colour'], ['colouur']],
    [['v*', '!v1*'], ['v2'], ['v1', 'v1.2']],
    [['v*', '!v1*', 'v1.5'], ['v1.5'], ['v1.4']],
    [['a\\*'], ['a*'], ['ab']],
  ])('the filter %j', (patterns, admitted, refused) => {
    const filter = refFilter(patterns);
    expect(admitted.filter((name) => !filter.admits(name))).toEqual([]);
    expect(refused.filter(filter.admits)).toEqual([]);
    expect(filter.samples.length).toBeGreaterThan(0);
    expect(filter.samples.filter((name) => !filter.admits(name))).toEqual([]);
  });

  const workflow = (on: string, condition = '') =>
    parseWorkflow({
      file: '.github/workflows/x.yml',
      text: `on: ${on}\njobs:\n  first:\n    runs-on: x\n${condition}  second:\n    needs: first\n    runs-on: x\n`,
    });

  test.each([
    ['{ push: { branches: [main] } }', ['refs/heads/main']],
    ['push', ['refs/heads/main', 'refs/heads/feature/any', 'refs/tags/v1.2.3']],
    ['{ push: { tags: [v1] } }', ['refs/tags/v1']],
    ['{ push: { branches-ignore: [main] } }', ['refs/heads/feature/any']],
    ['[workflow_dispatch, schedule]', ['refs/heads/main', 'refs/heads/main']],
    ['pull_request', ['refs/pull/1/merge']],
  ])('the occurrences of %s', (on, refs) => {
    const { occurrences, unread } = occurrencesOf(workflow(on), 'main');
    expect(occurrences.map(({ ref }) => ref)).toEqual(refs);
    expect(unread).toEqual([]);
  });

  test.each(['workflow_call', 'pull_request_target', 'release', '{ push: { branches: ["!main"] } }'])(
    '%s is refused rather than guessed',
    (on) => {
      expect(occurrencesOf(workflow(on), 'main').unread).toHaveLength(1);
    },
  );

  test.each([
    ["github.event_name == 'push'", false],
    ["github.event_name != 'push'", true],
    ["${{ github.event_name == 'push' }}", false],
    ["github.event_name == 'push' || inputs.x == 'y'", true],
    ["(github.event_name == 'push' || github.ref_type == 'tag') && inputs.x", false],
    ["startsWith(github.ref, 'refs/tags/')", false],
    ["startsWith(github.ref, 'refs/heads/')", true],
    ["!(github.event_name == 'workflow_dispatch')", true],
    ["inputs.x == 'a && github.event_name'", true],
    ['anything(at(all))', true],
  ])('a dispatch and the condition %s', (condition, reached) => {
    const parsed = workflow('workflow_dispatch', `    if: "${condition}"\n`);
    const [occurrence] = occurrencesOf(parsed, 'main').occurrences;
    if (!occurrence) throw new Error('no occurrence');
    // The second job needs the first.
    expect(parsed.jobs.map((job) => mayReach(parsed, job, occurrence))).toEqual([reached, reached]);
  });
});
