import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { DeployRole, type GithubTrust, statementsFor, trustConditions } from '../../constructs/deploy-role';
import type { AwsCall } from '../../contract';

const trust: GithubTrust = {
  repository: { owner: 'o', name: 'r', ownerId: '1', repositoryId: '2', defaultBranch: 'main' },
  branch: 'main',
  tag: 'v*',
  branchWorkflows: ['.github/workflows/a.yml'],
  tagWorkflows: ['.github/workflows/a.yml'],
  jobWorkflowRef: true,
  repositoryIds: true,
};
const claim = (name: string) => `token.actions.githubusercontent.com:${name}`;

describe('A09 trust', () => {
  test('A09 jobs without environment are trusted on the branch, and on tags by a pattern at the end only', () => {
    const [branch, tag] = trustConditions(trust);
    expect(branch?.StringEquals[claim('sub')]).toEqual([
      'repo:o/r:ref:refs/heads/main',
      'repo:o@1/r@2:ref:refs/heads/main',
    ]);
    expect(branch?.StringLike).toBeUndefined();
    expect(tag?.StringLike).toEqual({
      [claim('sub')]: ['repo:o/r:ref:refs/tags/v*', 'repo:o@1/r@2:ref:refs/tags/v*'],
      [claim('job_workflow_ref')]: ['o/r/.github/workflows/a.yml@refs/tags/v*'],
    });
    expect(tag?.StringEquals).toEqual({
      [claim('aud')]: 'sts.amazonaws.com',
      [claim('repository_id')]: '2',
      [claim('repository_owner_id')]: '1',
    });
  });

  test('A09 each second-hand condition can be switched off, and subject and audience stay', () => {
    const [only, ...others] = trustConditions({
      ...trust,
      environment: 'production',
      jobWorkflowRef: false,
      repositoryIds: false,
    });
    expect(others).toEqual([]);
    expect(only).toEqual({
      StringEquals: {
        [claim('aud')]: 'sts.amazonaws.com',
        [claim('sub')]: ['repo:o/r:environment:production', 'repo:o@1/r@2:environment:production'],
      },
    });
  });

  test('A09 without tags there is one statement', () => {
    const { tag, ...branchOnly } = trust;
    expect(tag).toBeDefined();
    expect(trustConditions(branchOnly)).toHaveLength(1);
  });

  test('A09 an environment on branch and tag: two statements, told apart by the workflow file alone', () => {
    const [branch, tag, ...others] = trustConditions({ ...trust, environment: 'production' });
    expect(others).toEqual([]);
    const { [claim('job_workflow_ref')]: file, ...onBranch } = branch?.StringEquals ?? {};
    expect(file).toEqual(['o/r/.github/workflows/a.yml@refs/heads/main']);
    expect(tag?.StringEquals).toEqual(onBranch);
    expect(tag?.StringLike).toEqual({
      [claim('job_workflow_ref')]: ['o/r/.github/workflows/a.yml@refs/tags/v*'],
    });
  });

  test('A09 an environment on branch and tag without the workflow file: one statement, for both are the same', () => {
    const [only, ...others] = trustConditions({ ...trust, environment: 'production', jobWorkflowRef: false });
    expect(others).toEqual([]);
    expect(only).toEqual({
      StringEquals: {
        [claim('aud')]: 'sts.amazonaws.com',
        [claim('repository_id')]: '2',
        [claim('repository_owner_id')]: '1',
        [claim('sub')]: ['repo:o/r:environment:production', 'repo:o@1/r@2:environment:production'],
      },
    });
  });

  test('A09 no environment on branch and tag without the workflow file: still two, for the subjects differ', () => {
    const [branch, tag, ...others] = trustConditions({ ...trust, jobWorkflowRef: false });
    expect(others).toEqual([]);
    expect(branch?.StringEquals[claim('job_workflow_ref')]).toBeUndefined();
    expect(tag?.StringLike).toEqual({
      [claim('sub')]: ['repo:o/r:ref:refs/tags/v*', 'repo:o@1/r@2:ref:refs/tags/v*'],
    });
  });

  test('A09 a role has no other policy than its calls', () => {
    const stack = new Stack(new App(), 'Test');
    const calls: AwsCall[] = [
      {
        action: 'ecs:UpdateService',
        resources: ['arn:aws:ecs:x:1:service/a/b'],
        context: { 'ecs:cluster': 'arn:aws:ecs:x:1:cluster/a' },
      },
      {
        action: 'iam:PassRole',
        resources: ['arn:aws:iam::1:role/t'],
        context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      },
    ];
    new DeployRole(stack, 'Role', {
      roleId: 'x',
      roleName: 'x',
      purpose: 'deploy',
      account: '111111111111',
      trust,
      calls,
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Policies: [
        {
          PolicyName: 'Calls',
          PolicyDocument: Match.objectLike({
            Statement: [
              Match.objectLike({
                Action: 'ecs:UpdateService',
                Condition: { ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:x:1:cluster/a' } },
              }),
              Match.objectLike({
                Action: 'iam:PassRole',
                Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
              }),
            ],
          }),
        },
      ],
    });
  });
});

test('statements do not depend on the order of the calls, and grant each call once', () => {
  const call = fc.record({
    action: fc.constantFrom('ecs:A', 'ecs:B', 'ssm:C'),
    resources: fc.uniqueArray(fc.constantFrom('arn:1', 'arn:2', 'arn:3'), { minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
      const json = (list: readonly AwsCall[]) =>
        JSON.stringify(statementsFor(list).map((statement) => statement.toJSON()));
      expect(json([...calls].reverse())).toBe(json(calls));
      const granted = statementsFor(calls).flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`)),
      );
      const wanted = calls.flatMap(({ action, resources }) =>
        resources.map((resource) => `${action} ${resource}`),
      );
      expect(new Set(granted)).toEqual(new Set(wanted));
    }),
  );
});

test('fails when the trust policy is longer than IAM allows', () => {
  const long = {
    ...trust,
    repository: { ...trust.repository, owner: 'o'.repeat(39), name: 'r'.repeat(100) },
  };
  const stack = new Stack(new App(), 'Test');
  const props = {
    roleId: 'x',
    roleName: 'x',
    purpose: 'deploy' as const,
    account: '111111111111',
    calls: [],
  };
  expect(() => new DeployRole(stack, 'Short', { ...props, trust })).not.toThrow();
  expect(
    () =>
      new DeployRole(stack, 'Long', {
        ...props,
        trust: { ...long, environment: 'e'.repeat(40), branchWorkflows: Array<string>(4).fill('w.yml') },
      }),
  ).toThrow(/TrustPolicyTooLong: trust of x: got \d+ characters; allowed: at most 2048/);
});
