import { DEFAULT_AUDIENCE, GITHUB_ISSUER, mint, providerArn } from '../../../proofs/claims';
import type { TokenReader } from '../../../rehearsal/aws/emulated-aws';
import { ApiFault } from '../../../rehearsal/aws/service';
import { ACCOUNT, document, REGION, roleResource, statement, TESTER } from './emulator';

export const PARAMETER = {
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: '/app/released', Type: 'String', Value: 'none' },
};
export const parameterArn = (name: string): string => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`;

export const SUBJECT = 'repo:octo-org/app:environment:staging';
export const IMMUTABLE = 'repo:octo-org@1/app@2:environment:staging';
const TRUST = document({
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: providerArn(ACCOUNT) },
  Condition: {
    StringEquals: {
      [`${GITHUB_ISSUER}:aud`]: DEFAULT_AUDIENCE,
      [`${GITHUB_ISSUER}:sub`]: [SUBJECT, IMMUTABLE],
    },
  },
});

export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:tested`;

export const RESOURCES = {
  ...TESTER,
  Provider: {
    Type: 'AWS::IAM::OIDCProvider',
    Properties: { Url: `https://${GITHUB_ISSUER}`, ClientIdList: [DEFAULT_AUDIENCE] },
  },
  Deploy: roleResource(
    'deploy',
    [statement('Allow', ['ssm:GetParameter'], { 'Fn::Sub': parameterArn('/app/*') })],
    {
      AssumeRolePolicyDocument: TRUST,
    },
  ),
  Guarded: roleResource(
    'guarded',
    [statement('Allow', ['*']), statement('Deny', ['ssm:PutParameter'], parameterArn('/app/released'))],
    { PermissionsBoundary: { Ref: 'Boundary' } },
  ),
  Boundary: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: 'boundary',
      PolicyDocument: document(statement('Allow', ['ssm:*', 's3:*'])),
    },
  },
  Helped: roleResource('helped', [], { ManagedPolicyArns: [{ Ref: 'Boundary' }] }),
  Unreadable: roleResource('unreadable', [], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/Unknown'] }),
  Topic: {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: 'tested', KmsMasterKeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/aws/sns` },
  },
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'on-call@example.com' },
  },
  TopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: document({
        Effect: 'Deny',
        Action: 'sns:Publish',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/shut-out` },
        Resource: TOPIC,
      }),
    },
  },
  ShutOut: roleResource('shut-out', [statement('Allow', ['sns:Publish'])]),
  Parameter: PARAMETER,
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'tested-bucket' } },
  BucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: document({
        Effect: 'Deny',
        Action: 's3:PutObject',
        Principal: '*',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/closed/*']] },
      }),
    },
  },
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  SubnetA: subnet('a', '10.0.0.0/24'),
  SubnetB: subnet('b', '10.0.1.0/24'),
  Group: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 'A & B < "C"', VpcId: { Ref: 'Vpc' } },
  },
  Instance: {
    Type: 'AWS::EC2::Instance',
    Properties: { InstanceType: 'g4dn.xlarge', SubnetId: { Ref: 'SubnetA' } },
  },
  NodeRole: roleResource('node', [statement('Allow', ['ssm:UpdateInstanceInformation', 's3:*'])]),
  NodeProfile: {
    Type: 'AWS::IAM::InstanceProfile',
    Properties: { InstanceProfileName: 'node', Roles: [{ Ref: 'NodeRole' }] },
  },
  Node: {
    Type: 'AWS::EC2::Instance',
    Properties: {
      InstanceType: 't3.small',
      IamInstanceProfile: { Ref: 'NodeProfile' },
      Tags: [{ Key: 'role', Value: 'node' }],
    },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'tested',
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Code: { ZipFile: 'exports.handler = async ({ word }) => ({ said: word, to: process.env.TO });' },
      Environment: { Variables: { TO: 'tester' } },
    },
  },
  Document: {
    Type: 'AWS::SSM::Document',
    Properties: {
      Name: 'tested-document',
      DocumentType: 'Command',
      Content: {
        schemaVersion: '2.2',
        parameters: {
          Word: {
            type: 'String',
            default: 'nothing',
            allowedPattern: '^[a-z ]*$',
            interpolationType: 'ENV_VAR',
          },
        },
        mainSteps: [
          { action: 'aws:runShellScript', name: 'run', inputs: { runCommand: ['echo "$SSM_Word"'] } },
        ],
      },
    },
  },
};

function subnet(zone: string, CidrBlock: string) {
  const Tags = [{ Key: 'Name', Value: `subnet ${zone}` }];
  return {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock, AvailabilityZone: `${REGION}${zone}`, Tags },
  };
}

/** A token is its claims as JSON here; the issuer's keys are no matter of STS. */
export const TOKENS: TokenReader = {
  read: (token) => {
    if (token === 'late')
      throw new ApiFault('ExpiredTokenException', 'Token must be issued within the last hour');
    const { iss = GITHUB_ISSUER, ...claims } = JSON.parse(token) as Record<string, string>;
    return { issuer: iss, claims };
  },
};

export const tokenOf = (more: Readonly<Record<string, string>> = {}): string =>
  JSON.stringify({
    ...mint({
      repository: { owner: 'octo-org', name: 'app', defaultBranch: 'main', ownerId: '1', repositoryId: '2' },
      form: 'legacy',
      event: 'push',
      ref: 'refs/heads/main',
      environment: 'staging',
      workflowName: 'deploy',
      jobWorkflowRef: 'octo-org/app/.github/workflows/deploy.yml@refs/heads/main',
      audience: DEFAULT_AUDIENCE,
    }),
    ...more,
  });
