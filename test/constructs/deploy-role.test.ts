import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { DeployRole, type GithubTrust, statementsFor, trustConditions } from '../../constructs/deploy-role';
import { judgeRollingUpdate } from '../../constructs/ecs-service';
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
    const { tag: _, ...branchOnly } = trust;
    expect(trustConditions(branchOnly)).toHaveLength(1);
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

describe('the room for a rolling update', () => {
  const numbers = fc.record({
    tasks: fc.integer({ min: 1, max: 20 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 200 }),
    maxInstances: fc.integer({ min: 1, max: 20 }),
    tasksPerInstance: fc.integer({ min: 1, max: 8 }),
  });

  /** Replaces tasks one by one, as ECS would, as long as a rule allows a step. */
  function simulate(update: {
    tasks: number;
    minimumHealthyPercent: number;
    maximumPercent: number;
    maxInstances: number;
    tasksPerInstance: number;
  }): boolean {
    const { tasks, maxInstances, tasksPerInstance } = update;
    const keep = Math.ceil((tasks * update.minimumHealthyPercent) / 100);
    const limit = Math.min(
      Math.floor((tasks * update.maximumPercent) / 100),
      maxInstances * tasksPerInstance,
    );
    let old = tasks;
    let fresh = 0;
    for (let steps = 0; steps < 4 * tasks && (old > 0 || fresh < tasks); steps += 1) {
      if (fresh < tasks && old + fresh < limit) fresh += 1;
      else if (old > 0 && old + fresh - 1 >= keep) old -= 1;
      else return false;
    }
    return old === 0 && fresh === tasks;
  }

  test('is judged as a replacement task by task turns out', () => {
    fc.assert(
      fc.property(numbers, (update) => {
        if (update.maxInstances * update.tasksPerInstance < update.tasks)
          expect(judgeRollingUpdate(update).fits).toBe(false);
        else expect(judgeRollingUpdate(update).fits).toBe(simulate(update));
      }),
    );
  });

  test('either of the two changes that it names makes the update fit', () => {
    fc.assert(
      fc.property(numbers, (update) => {
        const verdict = judgeRollingUpdate(update);
        if (verdict.fits) return;
        for (const change of verdict.changes) {
          const changed = { ...update };
          for (const [, field, value] of change.matchAll(
            /(instances\.max|minimumHealthyPercent|maximumPercent) to at (?:least|most) (\d+)/g,
          )) {
            if (field === 'instances.max') changed.maxInstances = Number(value);
            if (field === 'minimumHealthyPercent') changed.minimumHealthyPercent = Number(value);
            if (field === 'maximumPercent') changed.maximumPercent = Number(value);
          }
          const [, tasks] = /lower the number of tasks to (\d+)/.exec(change) ?? [];
          if (tasks !== undefined) changed.tasks = Number(tasks);
          // Fewer tasks may still be too many to be replaced; the next verdict says so.
          if (update.maxInstances * update.tasksPerInstance < update.tasks)
            expect(judgeRollingUpdate(changed).explanation).not.toContain('cannot be placed');
          else expect(judgeRollingUpdate(changed).fits).toBe(true);
        }
      }),
    );
  });
});
