import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  type CreateEndpointConfigInput,
  CreateModelCommand,
  type DeploymentConfig,
  DescribeEndpointCommand,
  type ProductionVariant,
  SageMakerClient,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import {
  ACCOUNT,
  document,
  type Emulator,
  REGION,
  roleArn,
  roleResource,
  statement,
} from './contract/emulator';

export const ENDPOINT = { account: ACCOUNT, endpoint: 'bikes' };
export const BUCKET = 'bikes-models';
const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/bikes`;

/** Image and artifact of a version; the templates hold neither. */
export const imageOf = (version: string): string => `${REPOSITORY}:${version}`;
export const artifactOf = (version: string): string => `s3://${BUCKET}/${version}/model.tar.gz`;
export const ALARM = 'bikes-5xx';

const TRUST = document({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: 'sagemaker.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
});

const trusting = { AssumeRolePolicyDocument: TRUST };
const pull = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const artifacts = statement('Allow', ['s3:GetObject'], `arn:aws:s3:::${BUCKET}/*`);
const listing = statement('Allow', ['s3:ListBucket'], `arn:aws:s3:::${BUCKET}`);
const logs = statement('Allow', ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']);
const alarms = statement('Allow', ['cloudwatch:DescribeAlarms']);
const images = statement('Allow', pull);

/** Buckets, registry and alarm of an endpoint, and execution roles that lack one thing each. */
export const RESOURCES = {
  Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKET } },
  Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'bikes' } },
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: { AlarmName: ALARM, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' },
  },
  Execution: roleResource('execution', [images, artifacts, listing, logs, alarms], trusting),
  NoImages: roleResource('no-images', [artifacts, listing, alarms], trusting),
  NoArtifacts: roleResource('no-artifacts', [images, listing, alarms], trusting),
  NoListing: roleResource('no-listing', [images, artifacts, alarms], trusting),
  NoAlarms: roleResource('no-alarms', [images, artifacts, listing, logs], trusting),
  NoTrust: roleResource('no-trust', [images, artifacts, listing, logs, alarms]),
  Reader: roleResource('reader', [statement('Allow', ['sagemaker:DescribeEndpoint'])]),
};

/** An account with the real SDK, and a version that can be deployed in one line. */
export class Account {
  readonly sagemaker: SageMakerClient;
  readonly runtime: SageMakerRuntimeClient;

  constructor(
    readonly emulator: Emulator,
    role = 'tester',
  ) {
    this.sagemaker = new SageMakerClient(emulator.settings(role));
    this.runtime = new SageMakerRuntimeClient(emulator.settings(role));
  }

  get world() {
    return this.emulator.aws.world;
  }

  pass(seconds: number): void {
    this.emulator.clock.pass(seconds);
  }

  /** Image and artifact of a version are there from now on. */
  publish(version: string): void {
    this.world.ecr.push(imageOf(version), version);
    this.world.s3.set(BUCKET, `${version}/model.tar.gz`, version);
  }

  async createModel(version: string, executionRole = 'execution'): Promise<void> {
    await this.sagemaker.send(
      new CreateModelCommand({
        ModelName: version,
        ExecutionRoleArn: roleArn(executionRole),
        PrimaryContainer: { Image: imageOf(version), ModelDataUrl: artifactOf(version) },
      }),
    );
  }

  async createConfig(
    version: string,
    variant: Partial<ProductionVariant> = {},
    more: Partial<CreateEndpointConfigInput> = {},
  ): Promise<void> {
    await this.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: version,
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: version,
            InstanceType: 'ml.c5.large',
            InitialInstanceCount: 4,
            ...variant,
          },
        ],
        ...more,
      }),
    );
  }

  /** A version up to its endpoint configuration. */
  async prepare(version: string, executionRole = 'execution'): Promise<void> {
    this.publish(version);
    await this.createModel(version, executionRole);
    await this.createConfig(version);
  }

  async create(version: string): Promise<void> {
    const names = { EndpointName: ENDPOINT.endpoint, EndpointConfigName: version };
    await this.sagemaker.send(new CreateEndpointCommand(names));
  }

  /** An endpoint that serves version v1. */
  async inService(executionRole = 'execution'): Promise<this> {
    await this.prepare('v1', executionRole);
    await this.create('v1');
    this.pass(300);
    await this.prepare('v2', executionRole);
    return this;
  }

  async update(version: string, config?: DeploymentConfig, more: object = {}): Promise<void> {
    await this.sagemaker.send(
      new UpdateEndpointCommand({
        EndpointName: ENDPOINT.endpoint,
        EndpointConfigName: version,
        ...(config && { DeploymentConfig: config }),
        ...more,
      }),
    );
  }

  describe() {
    return this.sagemaker.send(new DescribeEndpointCommand({ EndpointName: ENDPOINT.endpoint }));
  }

  /** Status and configuration, and why where there is a reason. */
  async story(): Promise<readonly string[]> {
    const { EndpointStatus, EndpointConfigName, FailureReason } = await this.describe();
    return [
      EndpointStatus ?? '',
      EndpointConfigName ?? '',
      ...(FailureReason === undefined ? [] : [FailureReason]),
    ];
  }
}
