import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { TemplateSource } from '../../../proofs/artefacts';
import { EmulatedAws, type EmulatedAwsOptions } from '../../../rehearsal/aws/emulated-aws';
import { ApiFault } from '../../../rehearsal/aws/service';
import { VirtualClock } from '../../../rehearsal/clock/virtual-clock';

export const ACCOUNT = '111111111111';
export const REGION = 'us-east-1';
export const roleArn = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;

type Resources = Readonly<Record<string, object>>;

/** A template of one account and region. */
export const templateOf = (resources: Resources, more: object = {}): TemplateSource => ({
  stack: 'tested',
  account: ACCOUNT,
  region: REGION,
  body: { Resources: resources, ...more },
});

export const statement = (effect: 'Allow' | 'Deny', actions: readonly string[], resource: unknown = '*') => ({
  Effect: effect,
  Action: actions,
  Resource: resource,
});

export const document = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** A role with an inline policy, which nobody can assume unless `more` says so. */
export const roleResource = (name: string, statements: readonly object[], more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: name,
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'ec2.amazonaws.com' },
    }),
    ...(statements.length > 0 && {
      Policies: [{ PolicyName: 'Inline', PolicyDocument: document(...statements) }],
    }),
    ...more,
  },
});

/** A role that may do everything. */
export const TESTER: Resources = { Tester: roleResource('tester', [statement('Allow', ['*'])]) };

/** Reads no token. */
export const NO_TOKENS: EmulatedAwsOptions['tokens'] = {
  read: () => {
    throw new ApiFault('InvalidIdentityToken', 'no token was expected');
  },
};

/** AWS with these templates and without server. */
export const deployed = (...templates: readonly TemplateSource[]): EmulatedAws =>
  new EmulatedAws({ clock: new VirtualClock(), tokens: NO_TOKENS, templates });

/** What SDK clients are made with. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** Real SDK clients of all emulated services. */
export const clientsWith = (settings: ClientSettings) => ({
  autoscaling: new ApplicationAutoScalingClient(settings),
  cloudformation: new CloudFormationClient(settings),
  cloudwatch: new CloudWatchClient(settings),
  ec2: new EC2Client(settings),
  ecr: new ECRClient(settings),
  ecs: new ECSClient(settings),
  elbv2: new ElasticLoadBalancingV2Client(settings),
  lambda: new LambdaClient(settings),
  logs: new CloudWatchLogsClient(settings),
  s3: new S3Client(settings),
  sagemaker: new SageMakerClient(settings),
  sagemakerRuntime: new SageMakerRuntimeClient(settings),
  sns: new SNSClient(settings),
  ssm: new SSMClient(settings),
  sts: new STSClient(settings),
});

export type Clients = ReturnType<typeof clientsWith>;

export interface Emulator {
  readonly aws: EmulatedAws;
  readonly clock: VirtualClock;
  readonly endpoint: string;
  /** Settings with a session of the role, by its name. */
  settings(role?: string): ClientSettings;
  /** Clients with a session of the role, by its name. */
  clients(role?: string): Clients;
}

const started: EmulatedAws[] = [];

/** Stops every emulator that the tests of a file started, whatever became of them. */
export async function stopEmulators(): Promise<void> {
  await Promise.all(started.splice(0).map((aws) => aws.stop()));
}

const ONE_DAY_MS = 86_400_000;

export async function startEmulator(
  templates: readonly TemplateSource[],
  options: Partial<EmulatedAwsOptions> = {},
): Promise<Emulator> {
  const clock = options.clock ?? new VirtualClock();
  const aws = new EmulatedAws({ tokens: NO_TOKENS, ...options, clock, templates });
  started.push(aws);
  const endpoint = await aws.start();
  const settings = (role = 'tester'): ClientSettings => {
    const session = aws.world.sts.testSession(roleArn(role), clock.now() + ONE_DAY_MS);
    const { accessKeyId, secretAccessKey, sessionToken } = session;
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    return { endpoint, region: REGION, maxAttempts: 1, credentials };
  };
  return { aws, clock, endpoint, settings, clients: (role) => clientsWith(settings(role)) };
}
