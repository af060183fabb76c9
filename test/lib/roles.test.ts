import { type AwsCall, type RoleEntry, type Verb } from '../../contract';
import { buildPlatform } from '../../lib/build-platform';
import platform from '../fixtures/sample-platform';

// One synthesis for the whole file.
const { app, manifest } = buildPlatform(platform);
const assembly = app.synth();

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
interface RoleProperties {
  readonly RoleName?: string;
  readonly ManagedPolicyArns?: unknown;
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly Statement[] };
}
interface Resource {
  readonly Type: string;
  readonly Properties: RoleProperties;
}

const resourcesOf = ({ constructPath }: RoleEntry): readonly (readonly [string, Resource])[] => {
  const { template } = assembly.getStackByName(constructPath.split('/')[0] ?? '') as {
    template: { Resources: Record<string, Resource> };
  };
  return Object.entries(template.Resources);
};

function templateOf(role: RoleEntry): RoleProperties & { readonly logicalId: string } {
  const [found, ...others] = resourcesOf(role).filter(
    ([, { Properties }]) => Properties?.RoleName === role.name,
  );
  if (!found || others.length > 0) throw new Error(`${role.name} is not in its stack once`);
  const [logicalId, { Properties }] = found;
  return { ...Properties, logicalId };
}

/** Verbs that the jobs of each kind of role run. Rolling back by hand uses the deploy role too. */
const VERBS: Partial<Record<RoleEntry['purpose'], readonly Verb[]>> = {
  deploy: ['deploy', 'wait', 'rollback', 'diagnose', 'verify', 'status'],
  rollback: ['rollback', 'diagnose', 'verify', 'status'],
};

function callsOf(role: RoleEntry): readonly AwsCall[] {
  const images = manifest.images.flatMap(({ publishRole, scanRole, calls }) => [
    ...(publishRole === role.id ? calls.publish : []),
    ...(scanRole === role.id ? calls.scan : []),
  ]);
  const targets = manifest.targets
    .filter(({ deployRole, rollbackRole }) => [deployRole, rollbackRole].includes(role.id))
    .flatMap(({ calls }) => (VERBS[role.purpose] ?? []).flatMap((verb) => calls[verb]));
  return [...images, ...targets];
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);
const sorted = (items: readonly string[]) => [...new Set(items)].sort();

/** `action on resource if condition`, each combination once. */
const granted = (statements: readonly Statement[]) =>
  sorted(
    statements.flatMap(({ Action, Resource: on, Condition = {} }) =>
      list(Action).flatMap((action) =>
        list(on).map((resource) => `${action} on ${resource} if ${JSON.stringify(Condition)}`),
      ),
    ),
  );

const declared = (calls: readonly AwsCall[]) =>
  sorted(
    calls.flatMap(({ action, resources, context = {} }) => {
      const condition: Record<string, Record<string, string>> = {};
      for (const [key, value] of Object.entries(context)) {
        const operator = value.startsWith('arn:') ? 'ArnEquals' : 'StringEquals';
        condition[operator] = { ...condition[operator], [key]: value };
      }
      return resources.map((resource) => `${action} on ${resource} if ${JSON.stringify(condition)}`);
    }),
  );

describe('A09 every role', () => {
  test('A09 is met here once at least for each purpose', () => {
    expect(sorted(manifest.roles.map(({ purpose }) => purpose))).toEqual([
      'deploy',
      'publish',
      'rollback',
      'scan',
    ]);
  });

  test.each(manifest.roles.map((role) => [role.name, role] as const))(
    'A09 %s may do what its jobs do: the same actions on the same resources under the same conditions',
    (_, role) => {
      const { logicalId, Policies, ManagedPolicyArns } = templateOf(role);
      const statements = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
      expect(callsOf(role).length).toBeGreaterThan(0);
      expect(granted(statements)).toEqual(declared(callsOf(role)));
      expect(ManagedPolicyArns).toBeUndefined();
      const policies = resourcesOf(role).filter(([, { Type }]) =>
        /^AWS::IAM::(Policy|ManagedPolicy|RolePolicy)$/.test(Type),
      );
      expect(JSON.stringify(policies)).not.toContain(logicalId);
      expect(JSON.stringify(policies)).not.toContain(`"${role.name}"`);
    },
  );
});

describe('A09 the roles of jobs without environment', () => {
  const claim = (name: string) => `token.actions.githubusercontent.com:${name}`;
  const always = {
    [claim('aud')]: 'sts.amazonaws.com',
    [claim('repository_id')]: '456789',
    [claim('repository_owner_id')]: '123456',
  };
  const file = 'octo-org/ml-platform/.github/workflows/kvs-infer-deploy.yml';
  const subjects = (ref: string) => [
    `repo:octo-org/ml-platform:ref:${ref}`,
    `repo:octo-org@123456/ml-platform@456789:ref:${ref}`,
  ];

  test.each(['publish', 'scan'] as const)(
    'A09 the %s role trusts the delivery on the branch and on release tags, and nobody else',
    (purpose) => {
      const role = manifest.roles.find((entry) => entry.purpose === purpose)!;
      const statements = templateOf(role).AssumeRolePolicyDocument.Statement;
      for (const { Action, Effect } of statements)
        expect([Effect, Action]).toEqual(['Allow', 'sts:AssumeRoleWithWebIdentity']);
      expect(statements.map(({ Condition }) => Condition)).toEqual([
        {
          StringEquals: {
            ...always,
            [claim('sub')]: subjects('refs/heads/main'),
            [claim('job_workflow_ref')]: [`${file}@refs/heads/main`],
          },
        },
        {
          StringEquals: always,
          StringLike: {
            [claim('sub')]: subjects('refs/tags/v*'),
            [claim('job_workflow_ref')]: [`${file}@refs/tags/v*`],
          },
        },
      ]);
    },
  );
});
