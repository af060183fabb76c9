import { createHash } from 'node:crypto';
import type { TemplateSource } from '../../proofs/artefacts';
import { registryUrl } from '../../rehearsal/aws/ecr';
import { EmulatedAws } from '../../rehearsal/aws/emulated-aws';
import { ApiFault } from '../../rehearsal/aws/service';
import type { VirtualClock } from '../../rehearsal/clock/virtual-clock';

export const TOOLS = '222222222222';
export const PRODUCTION = '111111111111';
export const REGION = 'us-east-1';
export const HOST = `${TOOLS}.dkr.ecr.${REGION}.amazonaws.com`;
export const APP = `${HOST}/team/app`;
export const REPOSITORY = { repositoryName: 'team/app', registryId: TOOLS };

const role = (RoleName: string, statements: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    Policies: [{ PolicyName: 'Calls', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
export const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetAuthorizationToken'];

const TOOLS_STACK = {
  App: {
    Type: 'AWS::ECR::Repository',
    Properties: {
      RepositoryName: 'team/app',
      ImageTagMutability: 'MUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: [
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'v*' },
      ],
      RepositoryPolicyText: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${PRODUCTION}:root` },
            Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          },
        ],
      },
    },
  },
  Private: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'team/private' } },
  Publish: role('publish', [allow('ecr:*')]),
  Scan: role('scan', [allow(PULL)]),
};

const PRODUCTION_STACK = {
  Parameter: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/team/app/released', Type: 'String', Value: 'none' },
  },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/team/app', RetentionInDays: 7 } },
  Plain: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'plain' } },
  Versioned: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: 'versioned', VersioningConfiguration: { Status: 'Enabled' } },
  },
  PlainPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Plain' },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: 'arn:aws:s3:::plain/*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::plain/sealed/*' },
        ],
      },
    },
  },
  Work: role('work', [allow(['ssm:*', 'logs:*', 's3:*', 'ecr:*'])]),
  Blind: role('blind', [
    allow('s3:GetObject'),
    allow('logs:GetLogEvents', `arn:aws:logs:*:*:log-group:/team/app`),
  ]),
};

const TEMPLATES: readonly TemplateSource[] = [
  { stack: 'tools', account: TOOLS, region: REGION, body: { Resources: TOOLS_STACK } },
  { stack: 'production', account: PRODUCTION, region: REGION, body: { Resources: PRODUCTION_STACK } },
];

/** Two accounts with the services that hold data. Sessions come from `testSession`, not from tokens. */
export function dataWorld(clock: VirtualClock): EmulatedAws {
  const tokens = {
    read: () => {
      throw new ApiFault('InvalidIdentityToken', 'no tokens here');
    },
  };
  return new EmulatedAws({ clock, templates: TEMPLATES, tokens });
}

/** Options of an SDK client with a session of a role. @param role `<account>:role/<name>` */
export function clientOf(aws: EmulatedAws, endpoint: string, clock: VirtualClock, role: string) {
  const session = aws.world.sts.testSession(`arn:aws:iam::${role}`, clock.now() + 3_600_000);
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return { endpoint, region: REGION, credentials, maxAttempts: 1 };
}

export const digestOf = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Requests to the repository `APP`, or to a path from the root. */
export function dockerClient(endpoint: string, authorization: string) {
  return async (method: string, path: string, body?: Buffer | string, headers = {}) => {
    const url = path.startsWith('/v2/') ? `${endpoint}${path}` : `${registryUrl(endpoint, APP)}/${path}`;
    const sent = body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) };
    return fetch(url, { method, headers: { authorization, ...headers }, ...sent });
  };
}

/** Status and code of a refusal by the registry. */
export async function errorOf(response: Response): Promise<readonly [number, string | undefined]> {
  const { errors } = (await response.json()) as { errors: readonly { code: string }[] };
  return [response.status, errors[0]?.code];
}
