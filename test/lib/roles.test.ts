import { Match, Template } from 'aws-cdk-lib/assertions';
import { type AwsCall, type RoleEntry, type Verb } from '../../contract';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import platform from '../fixtures/sample-platform';
import { type Endpoint, endpoint, endpointIn, platformProps, type Service, service } from './platform-props';

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
  deploy: ['deploy', 'wait', 'rollback', 'recall', 'diagnose', 'verify', 'confirm', 'status'],
  rollback: ['rollback', 'diagnose', 'verify', 'confirm', 'status'],
};

function callsOf(role: RoleEntry): readonly AwsCall[] {
  const images = manifest.images.flatMap((image) =>
    image.registry === 'ecr'
      ? [
          ...(image.publishRole === role.id ? image.calls.publish : []),
          ...(image.scanRole === role.id ? image.calls.scan : []),
        ]
      : [],
  );
  const targets = manifest.targets
    .filter(({ deployRole, rollbackRole }) => [deployRole, rollbackRole].includes(role.id))
    .flatMap(({ calls }) => (VERBS[role.purpose] ?? []).flatMap((verb) => calls[verb]));
  const inspections = manifest.targets
    .filter(({ inspection }) => inspection?.role === role.id)
    .flatMap(({ inspection, environment, workload, calls }) => {
      const stages = manifest.workloads.find(({ id }) => id === workload)?.environments ?? [];
      // The promotion to the next environment asks what runs in this one.
      return [...(inspection?.calls ?? []), ...(stages.at(-1) === environment ? [] : calls.status)];
    });
  const postboxes = manifest.targets.flatMap(({ postbox }) =>
    postbox?.role === role.id ? postbox.calls : [],
  );
  const checks = manifest.gpuChecks.flatMap(({ role: own, calls }) =>
    own === role.id ? [...calls.build, ...calls.run] : [],
  );
  return [...images, ...targets, ...inspections, ...postboxes, ...checks];
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
      'check',
      'deploy',
      'inspect',
      'notify',
      'publish',
      'rollback',
      'scan',
    ]);
  });

  test.each(manifest.roles.map((role) => [role.name, role] as const))(
    'A09 B07 E04 %s may do what its jobs do: the same actions on the same resources under the same conditions',
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
  const file = (name: string) => `octo-org/ml-platform/.github/workflows/${name}.yml`;
  const subjects = (ref: string) => [
    `repo:octo-org/ml-platform:ref:${ref}`,
    `repo:octo-org@123456/ml-platform@456789:ref:${ref}`,
  ];
  /** What a role without environment trusts on the branch: these files, and no others. */
  const onMain = (...files: string[]) => ({
    StringEquals: {
      ...always,
      [claim('sub')]: subjects('refs/heads/main'),
      [claim('job_workflow_ref')]: files.map((name) => `${file(name)}@refs/heads/main`),
    },
  });
  const conditionsOf = (id: string) => {
    const role = manifest.roles.find((entry) => entry.id === id)!;
    const statements = templateOf(role).AssumeRolePolicyDocument.Statement;
    for (const { Action, Effect } of statements)
      expect([Effect, Action]).toEqual(['Allow', 'sts:AssumeRoleWithWebIdentity']);
    return statements.map(({ Condition }) => Condition);
  };

  test.each([
    ['A09', 'kvs-infer-publish', ['kvs-infer-deploy']],
    // Going back to a commit looks up its image; it pushes none.
    ['A09', 'kvs-infer-scan', ['kvs-infer-deploy', 'kvs-infer-rollback']],
    ['D01', 'devops-day3-app-publish', ['devops-day3-app-deploy']],
    ['D03', 'devops-day3-app-scan', ['devops-day3-app-deploy', 'devops-day3-app-rollback']],
  ])(
    '%s %s trusts %j on the branch, the delivery on release tags, and nobody else',
    (_, id, [delivery = '', ...others]) => {
      expect(conditionsOf(id)).toEqual([
        onMain(delivery, ...others),
        {
          StringEquals: always,
          StringLike: {
            [claim('sub')]: subjects('refs/tags/v*'),
            [claim('job_workflow_ref')]: [`${file(delivery)}@refs/tags/v*`],
          },
        },
      ]);
    },
  );

  test.each([
    ['B04', 'bikeshare-publish', ['bikeshare-cd-staging']],
    ['B04', 'bikeshare-scan', ['bikeshare-cd-staging']],
    // The check of the infrastructure, and the promotion of what staging runs.
    ['B02 B05', 'bikeshare-staging-inspect', ['bikeshare-ci', 'bikeshare-promote-production']],
    ['B02', 'bikeshare-production-inspect', ['bikeshare-ci']],
    // People start every delivery, on the branch.
    ['E01 E03', 'production-platform-api-publish', ['production-platform-deploy']],
    ['E01 E03', 'production-platform-worker-publish', ['production-platform-deploy']],
    ['E01 E03', 'production-platform-worker-scan', ['production-platform-deploy']],
  ])('%s %s trusts %j on the branch, no tag, and nobody else', (_, id, files) => {
    expect(conditionsOf(id)).toEqual([onMain(...files)]);
  });
});

describe('B04 B05 E04 the roles of an environment', () => {
  const files = (name: string) => {
    const role = manifest.roles.find((entry) => entry.id === name)!;
    return templateOf(role)
      .AssumeRolePolicyDocument.Statement.flatMap(({ Condition = {} }) => {
        const { StringEquals = {}, StringLike } = Condition;
        expect(StringLike).toBeUndefined();
        return Object.entries(StringEquals)
          .filter(([key]) => key.endsWith(':job_workflow_ref'))
          .flatMap(([, value]) => list(value));
      })
      .map((ref) => ref.replace('octo-org/ml-platform/.github/workflows/', ''));
  };

  test.each([
    ['bikeshare-staging-deploy', ['bikeshare-cd-staging', 'bikeshare-rollback']],
    ['bikeshare-production-deploy', ['bikeshare-promote-production', 'bikeshare-rollback']],
    ['bikeshare-production-rollback', ['bikeshare-promote-production']],
    ['production-platform-staging-deploy', ['production-platform-deploy', 'production-platform-rollback']],
    ['production-platform-production-rollback', ['production-platform-deploy']],
  ])('B04 B05 E04 %s trusts the files that deliver there: %j', (id, names) => {
    expect(files(id)).toEqual(names.map((name) => `${name}.yml@refs/heads/main`));
  });
});

describe('E04 the roles that deploy to a node', () => {
  const statementsOf = (id: string) =>
    templateOf(manifest.roles.find((role) => role.id === id)!).Policies.flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
  const node = 'ml-platform-production-platform-production';
  const at = 'us-east-1:222222222222';

  test.each(['deploy', 'rollback'])(
    'E04 %s may send the document of the target to the node of the target, and nothing else to nothing else',
    (purpose) => {
      const sending = statementsOf(`production-platform-production-${purpose}`).filter(({ Action }) =>
        list(Action).includes('ssm:SendCommand'),
      );
      expect(sending.map(({ Resource, Condition }) => [Resource, Condition])).toEqual(
        expect.arrayContaining([
          [`arn:aws:ssm:${at}:document/${node}`, undefined],
          [`arn:aws:ec2:${at}:instance/*`, { StringEquals: { 'ssm:resourceTag/lockstep:target': node } }],
        ]),
      );
      expect(sending).toHaveLength(2);
    },
  );

  test('E04 they write below the runs of their bucket, and nowhere else', () => {
    const objects = statementsOf('production-platform-production-deploy').filter(({ Action }) =>
      list(Action).some((action) => action.startsWith('s3:')),
    );
    expect(objects.map(({ Resource }) => Resource)).toEqual([
      `arn:aws:s3:::${node}-runs-222222222222/runs/*`,
    ]);
  });
});

describe('B02 B03 roles that inspect', () => {
  const statementsOf = (id: string) =>
    templateOf(manifest.roles.find((role) => role.id === id)!).Policies.flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
  const actionsOf = (id: string) => sorted(statementsOf(id).flatMap(({ Action }) => list(Action)));

  test('B03 change nothing: they read templates, and in staging what runs', () => {
    expect(actionsOf('bikeshare-production-inspect')).toEqual(['cloudformation:GetTemplate']);
    expect(actionsOf('bikeshare-staging-inspect')).toEqual([
      'cloudformation:GetTemplate',
      'sagemaker:DescribeEndpoint',
      'sagemaker:DescribeEndpointConfig',
      'sagemaker:DescribeModel',
      'ssm:GetParameterHistory',
      'ssm:GetParameters',
    ]);
  });

  test('B03 read the stacks of the workload in their account, and no others', () => {
    const stack = (name: string) =>
      `arn:aws:cloudformation:ca-central-1:222222222222:stack/ml-platform-bikeshare-${name}/*`;
    expect(statementsOf('bikeshare-production-inspect').map(({ Resource }) => Resource)).toEqual([
      ['images', 'models', 'production-state', 'production'].map(stack),
    ]);
  });
});

test('B05 a role is made for as many workflows as look: none without checks, promotion or both', () => {
  const checked = { python: '3.11', checks: {} };
  const environments = [endpointIn(), endpointIn({ name: 'production' })];
  const inspected = (workload: Endpoint | Service) => {
    const { roles, targets } = buildPlatform(
      definePlatform(platformProps({ workloads: [workload] })),
    ).manifest;
    const made = roles.filter(({ purpose }) => purpose === 'inspect').map(({ id }) => id);
    expect(targets.flatMap(({ inspection }) => inspection?.role ?? [])).toEqual(made);
    return made;
  };
  expect(inspected(endpoint({ environments }))).toEqual(['bikeshare-staging-inspect']);
  expect(inspected(endpoint())).toEqual([]);
  expect(inspected(service())).toEqual([]);
  // Checks are offered to every kind.
  expect(inspected(service({ tests: checked }))).toEqual(['kvs-infer-staging-inspect']);
});

describe('D06 who hears of deployments', () => {
  const template = Template.fromJSON(
    assembly.getStackByName('ml-platform-devops-day3-app-production').template as object,
  );
  const topicArn = 'arn:aws:sns:eu-west-2:222222222222:ml-platform-devops-day3-app-production-notices';
  const target = manifest.targets.find(({ id }) => id === 'devops-day3-app-production');

  test('D06 mail goes through an encrypted topic that is taken over TLS only', () => {
    template.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: 'ml-platform-devops-day3-app-production-notices',
      KmsMasterKeyId: 'arn:aws:kms:eu-west-2:222222222222:alias/aws/sns',
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Action: 'sns:Publish',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    });
  });

  test('D06 the role that sends mail is let in from the environment that waits for nobody, and does nothing else', () => {
    const role = manifest.roles.find(({ id }) => id === target?.postbox?.role);
    expect(role).toMatchObject({ purpose: 'notify', environment: 'production-rollback' });
    expect(target?.postbox).toMatchObject({
      topicArn,
      calls: [{ action: 'sns:Publish', resources: [topicArn] }],
    });
  });

  test('D06 secrets belong to the environments of the way back, and workloads that tell nobody have no topic', () => {
    expect(manifest.secrets).toMatchObject(
      ['SLACK_WEBHOOK_URL', 'PAGERDUTY_ROUTING_KEY'].map((name) => ({
        name,
        environments: ['dev', 'staging', 'production-rollback'],
      })),
    );
    const service = assembly.getStackByName('ml-platform-kvs-infer-production').template as object;
    Template.fromJSON(service).resourceCountIs('AWS::SNS::Topic', 0);
  });
});
