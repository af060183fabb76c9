import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { buildPlatform } from '../../lib/build-platform';
import { planPipelines, renderWorkflow } from '../../workflows';
import platform from '../fixtures/sample-platform';
import { serviceTemplates } from './service-templates';

// One synthesis for the whole file.
const { app, manifest } = buildPlatform(platform);
const assembly = app.synth();
interface Policy {
  readonly PolicyDocument: {
    readonly Statement: readonly { readonly Action: string | string[]; readonly Resource: unknown }[];
  };
}

const stackNames = assembly.stacks.map(({ stackName }) => stackName);
const templateOf = (name: string): Template => Template.fromStack(app.node.findChild(name) as Stack);

const access = templateOf('ml-platform-access-production');
const images = templateOf('ml-platform-kvs-infer-images');
const network = templateOf('ml-platform-network-production');
const state = templateOf('ml-platform-kvs-infer-production-state');
const production = templateOf('ml-platform-kvs-infer-production');
const staging = templateOf('ml-platform-kvs-infer-staging');
const models = templateOf('ml-platform-bikeshare-models');
const nodes = templateOf('ml-platform-production-platform-production');
const endpointState = templateOf('ml-platform-bikeshare-production-state');

describe('A09 stacks by life cycle', () => {
  test('A09 access, images, network, state and service are stacks of their own', () => {
    expect([...stackNames].sort()).toEqual([
      'ml-platform-access-dev',
      'ml-platform-access-production',
      'ml-platform-access-staging',
      'ml-platform-bikeshare-images',
      'ml-platform-bikeshare-models',
      'ml-platform-bikeshare-production',
      'ml-platform-bikeshare-production-state',
      'ml-platform-bikeshare-staging',
      'ml-platform-bikeshare-staging-state',
      'ml-platform-devops-day3-app-dev',
      'ml-platform-devops-day3-app-dev-state',
      'ml-platform-devops-day3-app-images',
      'ml-platform-devops-day3-app-production',
      'ml-platform-devops-day3-app-production-state',
      'ml-platform-devops-day3-app-staging',
      'ml-platform-devops-day3-app-staging-state',
      'ml-platform-kvs-infer-gpu-check',
      'ml-platform-kvs-infer-images',
      'ml-platform-kvs-infer-production',
      'ml-platform-kvs-infer-production-state',
      'ml-platform-kvs-infer-staging',
      'ml-platform-kvs-infer-staging-state',
      'ml-platform-network-dev-eu-west-2',
      'ml-platform-network-production',
      'ml-platform-network-production-eu-west-2',
      'ml-platform-network-staging',
      'ml-platform-network-staging-eu-west-2',
      'ml-platform-production-platform-api-images',
      'ml-platform-production-platform-production',
      'ml-platform-production-platform-production-state',
      'ml-platform-production-platform-staging',
      'ml-platform-production-platform-staging-state',
      'ml-platform-production-platform-worker-images',
    ]);
  });

  test('A09 every stack names its account and region, so that synthesis asks nobody', () => {
    for (const { stackName, environment } of assembly.stacks) {
      const region = regionOf(stackName);
      expect(environment.name).toMatch(new RegExp(`^aws://\\d{12}/${region}$`));
    }
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });

  test('A09 what holds state is protected from deletion', () => {
    const unprotected = assembly.stacks.filter(({ terminationProtection }) => !terminationProtection);
    expect(unprotected.map(({ stackName }) => stackName).sort()).toEqual([
      'ml-platform-bikeshare-production',
      'ml-platform-bikeshare-staging',
      'ml-platform-devops-day3-app-dev',
      'ml-platform-devops-day3-app-production',
      'ml-platform-devops-day3-app-staging',
      'ml-platform-kvs-infer-gpu-check',
      'ml-platform-kvs-infer-production',
      'ml-platform-kvs-infer-staging',
      'ml-platform-production-platform-production',
      'ml-platform-production-platform-staging',
    ]);
    images.hasResource('AWS::ECR::Repository', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    access.hasResource('AWS::IAM::OIDCProvider', { DeletionPolicy: 'Retain' });
    state.allResources('AWS::SSM::Parameter', { DeletionPolicy: 'Retain' });
    network.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
    models.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    endpointState.allResources('AWS::SSM::Parameter', { DeletionPolicy: 'Retain' });
    nodes.allResources('AWS::EC2::Volume', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('logical ids of what holds state do not move', () => {
    const ids = (template: Template, type: string) => Object.keys(template.findResources(type));
    expect(ids(images, 'AWS::ECR::Repository')).toEqual(['ImagesRepository2D0F5B9C']);
    expect(ids(access, 'AWS::IAM::OIDCProvider')).toEqual(['GithubProvider4A78AD48']);
    expect(ids(network, 'AWS::S3::Bucket')).toEqual(['NetworkAccessLogs2AF01A61']);
    expect(ids(state, 'AWS::SSM::Parameter')).toEqual([
      'ReleasedreleasedtaskdefinitionC05923D3',
      'ReleasedreleasedimageBB547E45',
    ]);
    expect(ids(nodes, 'AWS::EC2::Volume')).toEqual(['NodeDataVolumeF7A7E2D2']);
    expect(ids(models, 'AWS::S3::Bucket')).toEqual(['AccessLogs8B620ECA', 'ModelsBucket970C6ADA']);
    expect(ids(endpointState, 'AWS::SSM::Parameter')).toEqual([
      'Releasedreleasedconfig66DC1766',
      'ReleasedreleasedimageBB547E45',
      'Releasedreleasedmodel38848A7D',
    ]);
  });

  test.each(stackNames)('the template of %s is as committed', (name) => {
    expect(normalised(templateOf(name).toJSON())).toMatchSnapshot();
  });
});

describe('A09 signing in', () => {
  test('A09 the provider is the native resource, without thumbprint or function', () => {
    access.hasResourceProperties('AWS::IAM::OIDCProvider', {
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
      ThumbprintList: Match.absent(),
    });
    access.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('A09 there is a role for each purpose, and none is shared', () => {
    expect(manifest.roles.map(({ name, purpose, environment }) => [name, purpose, environment])).toEqual([
      ['ml-platform-kvs-infer-publish', 'publish', undefined],
      ['ml-platform-kvs-infer-scan', 'scan', undefined],
      ['ml-platform-kvs-infer-staging-deploy', 'deploy', 'staging'],
      ['ml-platform-kvs-infer-production-deploy', 'deploy', 'production'],
      ['ml-platform-kvs-infer-production-rollback', 'rollback', 'production-rollback'],
      ['ml-platform-kvs-infer-gpu-check', 'check', 'staging'],
      ['ml-platform-bikeshare-publish', 'publish', undefined],
      ['ml-platform-bikeshare-scan', 'scan', undefined],
      ['ml-platform-bikeshare-staging-deploy', 'deploy', 'staging'],
      ['ml-platform-bikeshare-staging-inspect', 'inspect', undefined],
      ['ml-platform-bikeshare-production-deploy', 'deploy', 'production'],
      ['ml-platform-bikeshare-production-rollback', 'rollback', 'production-rollback'],
      ['ml-platform-bikeshare-production-inspect', 'inspect', undefined],
      ['ml-platform-production-platform-api-publish', 'publish', undefined],
      ['ml-platform-production-platform-api-scan', 'scan', undefined],
      ['ml-platform-production-platform-worker-publish', 'publish', undefined],
      ['ml-platform-production-platform-worker-scan', 'scan', undefined],
      ['ml-platform-production-platform-staging-deploy', 'deploy', 'staging'],
      ['ml-platform-production-platform-production-deploy', 'deploy', 'production'],
      ['ml-platform-production-platform-production-rollback', 'rollback', 'production-rollback'],
      ['ml-platform-devops-day3-app-publish', 'publish', undefined],
      ['ml-platform-devops-day3-app-scan', 'scan', undefined],
      ['ml-platform-devops-day3-app-dev-deploy', 'deploy', 'dev'],
      ['ml-platform-devops-day3-app-dev-notify', 'notify', 'dev'],
      ['ml-platform-devops-day3-app-staging-deploy', 'deploy', 'staging'],
      ['ml-platform-devops-day3-app-staging-notify', 'notify', 'staging'],
      ['ml-platform-devops-day3-app-production-deploy', 'deploy', 'production'],
      ['ml-platform-devops-day3-app-production-rollback', 'rollback', 'production-rollback'],
      ['ml-platform-devops-day3-app-production-notify', 'notify', 'production-rollback'],
    ]);
  });

  test('A09 the deploy role trusts one environment of one repository, on one branch and the release tags', () => {
    const issuer = 'token.actions.githubusercontent.com';
    const always = {
      [`${issuer}:aud`]: 'sts.amazonaws.com',
      [`${issuer}:sub`]: [
        'repo:octo-org/ml-platform:environment:production',
        'repo:octo-org@123456/ml-platform@456789:environment:production',
      ],
      [`${issuer}:repository_id`]: '456789',
      [`${issuer}:repository_owner_id`]: '123456',
    };
    const file = 'octo-org/ml-platform/.github/workflows/kvs-infer';
    production.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'ml-platform-kvs-infer-production-deploy',
      // A rollback may follow the failed deployment to its end first: more than an hour.
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: `arn:aws:iam::222222222222:oidc-provider/${issuer}` },
            Condition: {
              StringEquals: {
                ...always,
                [`${issuer}:job_workflow_ref`]: [
                  `${file}-deploy.yml@refs/heads/main`,
                  `${file}-rollback.yml@refs/heads/main`,
                ],
              },
            },
          },
          Match.objectLike({
            Condition: {
              StringEquals: always,
              StringLike: { [`${issuer}:job_workflow_ref`]: [`${file}-deploy.yml@refs/tags/v*`] },
            },
          }),
        ],
      },
    });
  });

  test('A09 only what IAM cannot limit is allowed on everything', () => {
    const onEverything = assembly.stacks.flatMap(({ template }) =>
      Object.values<{ Type: string; Properties?: { Policies?: Policy[] } }>(template.Resources)
        .filter(({ Type }) => Type === 'AWS::IAM::Role')
        .flatMap(({ Properties }) => Properties?.Policies ?? [])
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .filter(({ Resource }) => [Resource].flat().includes('*'))
        .flatMap(({ Action }) => Action),
    );
    expect([...new Set(onEverything)].sort()).toEqual([
      // Of endpoints, bound to one namespace.
      'cloudwatch:PutMetricData',
      // Of Lambda, which puts functions into the VPC; their code is denied the same.
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      // Of deployments to nodes.
      'ec2:DescribeInstances',
      // Of Lambda, too.
      'ec2:DescribeNetworkInterfaces',
      // Of the service that takes snapshots of the volumes of nodes.
      'ec2:DescribeSnapshots',
      // Of Lambda, too.
      'ec2:DescribeSubnets',
      // Of the service that takes snapshots, too.
      'ec2:DescribeVolumes',
      // Of Lambda, too.
      'ec2:UnassignPrivateIpAddresses',
      // Of the agent on nodes.
      'ec2messages:AcknowledgeMessage',
      'ec2messages:DeleteMessage',
      'ec2messages:FailMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
      'ecr:GetAuthorizationToken',
      // Of GPU checks, which register definitions for one run.
      'ecs:DeregisterTaskDefinition',
      'ecs:DescribeTaskDefinition',
      // Of the agent on the instances.
      'ecs:DiscoverPollEndpoint',
      // Of ways back to a commit.
      'ecs:ListTaskDefinitions',
      // Of the agent on the instances, too.
      'ecs:Poll',
      'ecs:StartTelemetrySession',
      'sagemaker:ListEndpointConfigs',
      // Of deployments to nodes, too.
      'ssm:CancelCommand',
      'ssm:DescribeInstanceInformation',
      'ssm:GetCommandInvocation',
      // Of the agent on nodes.
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
    ]);
  });

  test('A09 no statement anywhere allows an action by wildcard', () => {
    const wild = assembly.stacks.flatMap(({ template }) =>
      [...JSON.stringify(template).matchAll(/"([a-z-]+:[A-Za-z]*\*)"/g)].map(([, action]) => action),
    );
    expect(wild).toEqual([]);
  });
});

describe('A03 A09 images', () => {
  test('A03 commits and versions are immutable, `latest` and `1.2` may move', () => {
    images.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryName: 'ml-platform/kvs-infer',
      ImageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: [
        {
          ImageTagMutabilityExclusionFilterType: 'WILDCARD',
          ImageTagMutabilityExclusionFilterValue: 'sha-*',
        },
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'v*' },
      ],
      ImageScanningConfiguration: { ScanOnPush: true },
    });
  });

  test('A03 releases outlive commits, and commits the layers of the build cache', () => {
    const [repository] = Object.values(images.findResources('AWS::ECR::Repository'));
    const { rules } = JSON.parse(repository?.Properties.LifecyclePolicy.LifecyclePolicyText as string) as {
      rules: Record<string, unknown>[];
    };
    const tagged = { tagStatus: 'tagged', countType: 'imageCountMoreThan' };
    expect(rules.map(({ rulePriority, selection }) => [rulePriority, selection])).toEqual([
      [1, { ...tagged, tagPatternList: ['v*'], countNumber: 1000 }],
      [2, { ...tagged, tagPatternList: ['sha-*'], countNumber: 100 }],
      [3, { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 14, countUnit: 'days' }],
    ]);
    expect(new Set(rules.map(({ action }) => JSON.stringify(action)))).toEqual(
      new Set(['{"type":"expire"}']),
    );
  });

  test('A09 other accounts of the workload may pull, and only that', () => {
    images.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: {
        Statement: [
          Match.objectLike({
            Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            Principal: { AWS: 'arn:aws:iam::111111111111:root' },
          }),
        ],
      },
    });
  });
});

serviceTemplates({ production, staging });

describe('A09 the pipeline owns what runs', () => {
  test('A09 the first deployment needs no image: no task is started before something was released', () => {
    state.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/ml-platform/production/kvs-infer/released-task-definition',
      Value: 'none',
    });
    production.hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: { 'Fn::If': ['ServiceNothingReleasedE6B32F3D', 0, { Ref: 'AWS::NoValue' }] },
    });
  });

  test('A09 later deployments of the stack leave the released task definition where it is', () => {
    production.hasParameter('ServiceReleasedTaskDefinitionB502978D', {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/ml-platform/production/kvs-infer/released-task-definition',
    });
    production.hasCondition('ServiceNothingReleasedE6B32F3D', {
      'Fn::Equals': [{ Ref: 'ServiceReleasedTaskDefinitionB502978D' }, 'none'],
    });
    production.hasResourceProperties('AWS::ECS::Service', {
      TaskDefinition: {
        'Fn::If': [
          'ServiceNothingReleasedE6B32F3D',
          { Ref: 'ServiceTaskDefinition55FA0F15' },
          { Ref: 'ServiceReleasedTaskDefinitionB502978D' },
        ],
      },
    });
  });

  test('A09 the stack tells the pipeline which definition it declares', () => {
    production.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/ml-platform/production/kvs-infer/declared-task-definition',
      Value: { Ref: 'ServiceTaskDefinition55FA0F15' },
    });
  });

  test('A09 the state is there before the stack that reads it', () => {
    const dependencies = assembly
      .getStackByName('ml-platform-kvs-infer-production')
      .dependencies.map(({ id }) => id);
    expect(dependencies).toEqual(
      expect.arrayContaining(['ml-platform-kvs-infer-production-state', 'ml-platform-network-production']),
    );
  });
});

test('physical names are given to what the manifest mentions, and to nothing else but alarms', () => {
  const nameOf: Record<string, string> = {
    'AWS::ECS::CapacityProvider': 'Name',
    'AWS::ECS::Cluster': 'ClusterName',
    'AWS::ECS::Service': 'ServiceName',
    'AWS::ECS::TaskDefinition': 'Family',
    'AWS::IAM::Role': 'RoleName',
    'AWS::ECR::Repository': 'RepositoryName',
    'AWS::SSM::Parameter': 'Name',
    'AWS::Logs::LogGroup': 'LogGroupName',
    'AWS::S3::Bucket': 'BucketName',
    'AWS::SSM::Document': 'Name',
    'AWS::Lambda::Function': 'FunctionName',
    'AWS::SNS::Topic': 'TopicName',
  };
  // Whole texts, and the parts of ARNs and paths: a name that is only the beginning of another does not count.
  const mentioned = new Set(textsOf(manifest).flatMap((text) => [text, ...text.split(/[/:]/), pathOf(text)]));
  const given = assembly.stacks.flatMap(({ template }) =>
    Object.values<{ Type: string; Properties?: Record<string, unknown> }>(template.Resources).flatMap(
      ({ Type, Properties }) => {
        const name = Properties?.[nameOf[Type] ?? ''];
        return typeof name === 'string' ? [{ type: Type, name }] : [];
      },
    ),
  );
  expect(given.length).toBeGreaterThan(20);
  // The log of a function lies where Lambda would put it.
  const ofFunction = (name: string) => name.replace(/^\/aws\/lambda\//, '');
  expect(given.filter(({ name }) => !mentioned.has(ofFunction(name)))).toEqual([]);
  expect(new Set(given.map(({ type }) => type))).toEqual(new Set(Object.keys(nameOf)));
  // Alarms are called by name in diagnoses; their names begin with that of the cluster.
  const others = assembly.stacks.flatMap(({ template }) =>
    Object.values<{ Type: string; Properties?: Record<string, unknown> }>(template.Resources)
      // The name of an inline policy belongs to its role.
      .filter(({ Type }) => nameOf[Type] === undefined && Type !== 'AWS::IAM::Policy')
      .flatMap(({ Type, Properties = {} }) =>
        Object.keys(Properties).includes(`${Type.split('::').at(-1)}Name`) ? [Type] : [],
      ),
  );
  expect(new Set(others)).toEqual(new Set(['AWS::CloudWatch::Alarm']));
  // Buckets for access logs are mentioned nowhere.
  const buckets = assembly.stacks.flatMap(({ template }) =>
    Object.values<{ Type: string; Properties?: object }>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::S3::Bucket',
    ),
  );
  expect(buckets.filter(({ Properties = {} }) => 'BucketName' in Properties)).toHaveLength(3);
});

describe('D05 the Node service', () => {
  const ofWorkload = (name: string) => name.startsWith('ml-platform-devops-day3-app-');
  const stacks = stackNames.filter(ofWorkload).map(templateOf);
  const workflows = planPipelines(manifest)
    .filter(({ file }) => file.includes('/devops-day3-app-'))
    .map(renderWorkflow);

  test('D05 has no static key: no user, no key of one, and no workflow that reads one', () => {
    expect([stacks.length, workflows.length]).toEqual([7, 2]);
    for (const template of stacks)
      for (const type of ['AWS::IAM::User', 'AWS::IAM::AccessKey']) template.resourceCountIs(type, 0);
    const known = manifest.secrets.map(({ name }) => name);
    for (const text of workflows) {
      expect(text).toContain('role-to-assume: arn:aws:iam::');
      expect(text).not.toMatch(/aws[-_]access[-_]key|aws[-_]secret|aws[-_]session[-_]token/i);
      const secrets = [...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);
      expect(known).toEqual(expect.arrayContaining(secrets));
    }
  });

  test('D05 tags of commits and releases never move', () => {
    templateOf('ml-platform-devops-day3-app-images').hasResourceProperties('AWS::ECR::Repository', {
      ImageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: ['sha-*', 'v*'].map((value) => ({
        ImageTagMutabilityExclusionFilterType: 'WILDCARD',
        ImageTagMutabilityExclusionFilterValue: value,
      })),
    });
  });

  test('D05 no task definition names the tag latest, and every deployment and way back names a digest', () => {
    const images = stacks.flatMap((template) =>
      Object.values(template.findResources('AWS::ECS::TaskDefinition')).flatMap(
        (resource) =>
          (resource as { Properties: { ContainerDefinitions: { Image: string }[] } }).Properties
            .ContainerDefinitions,
      ),
    );
    expect(images).toHaveLength(3);
    for (const { Image } of images) expect(Image).toMatch(/:(?!latest$)[\w.-]+$/);
    const given = workflows.flatMap((text) =>
      [...text.matchAll(/^ +IMAGE: (.*)$/gm)].map(([, value]) => value),
    );
    expect(given.length).toBeGreaterThan(5);
    for (const value of given)
      expect(value).toMatch(/@\$\{\{ (?:needs|steps)\.[\w-]+\.outputs\.digest \}\}$/);
  });
});

/** Workloads may lie elsewhere than the platform; so does the network of theirs. */
function regionOf(stack: string): string {
  if (stack.includes('bikeshare')) return 'ca-central-1';
  return /devops-day3-app|eu-west-2/.test(stack) ? 'eu-west-2' : 'us-east-1';
}

/** Every text in a document. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** `/a/b` of `arn:aws:ssm:…:parameter/a/b`. */
const pathOf = (text: string): string => text.slice(Math.max(0, text.indexOf('/')));

/** Hashes of assets change with every edit of the CDK, and scripts are reviewed as files of their own. */
function normalised(template: unknown): unknown {
  const text = JSON.stringify(template, (_, value: unknown) => withoutScript(value));
  return JSON.parse(text.replaceAll(/[0-9a-f]{64}/g, '<asset hash>'));
}

/** What stands before the first comment: the constants that the stack puts into a script. */
function withoutScript(value: unknown): unknown {
  const begin = 'set -euo pipefail';
  if (Array.isArray(value) && value.includes(begin)) {
    const lines = value as readonly string[];
    return [
      ...lines.slice(
        0,
        lines.findIndex((line) => line.startsWith('# ')),
      ),
      '<script>',
    ];
  }
  if (typeof value === 'string' && value.startsWith("'use strict';\n")) return '<code>';
  if (typeof value === 'string' && value.includes(`\n${begin}\n`))
    return `${value.slice(0, value.indexOf('\n# '))}\n<script>`;
  return value;
}
