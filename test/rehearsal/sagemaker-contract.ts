import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  type DataCaptureConfig as DataCapture,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { roleArn } from './contract/emulator';
import type { ContractRow } from './contract/row';

const ModelName = 'contract-model';
const EndpointConfigName = 'contract-config';
const EndpointName = 'contract-endpoint';
const date = expect.any(Date) as unknown;
const arn = (kind: string): unknown => expect.stringContaining(`:${kind}/contract-`);

/** A public image and no artifact: nothing of the account is needed besides a role. */
const PrimaryContainer = { Image: 'public.ecr.aws/docker/library/python:3.11', Environment: { A: 'b' } };
const ProductionVariants = [
  { VariantName: 'AllTraffic', ModelName, InstanceType: 'ml.c5.large', InitialInstanceCount: 2 } as const,
];
const DeploymentConfig = {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 60 },
    TerminationWaitInSeconds: 0,
  },
} as const;
const DataCaptureConfig: DataCapture = {
  InitialSamplingPercentage: 50,
  DestinationS3Uri: 's3://captured/bikes',
  CaptureOptions: [{ CaptureMode: 'Input' }],
};

/** SageMaker and its runtime. */
export const SAGEMAKER: readonly ContractRow[] = [
  {
    operation: 'CreateModel',
    asks: ['sagemaker:CreateModel', 'iam:PassRole'],
    call: ({ sagemaker }) =>
      sagemaker.send(
        new CreateModelCommand({ ModelName, PrimaryContainer, ExecutionRoleArn: roleArn('tester') }),
      ),
    answer: { ModelArn: arn('model') },
  },
  {
    operation: 'DescribeModel',
    call: ({ sagemaker }) => sagemaker.send(new DescribeModelCommand({ ModelName })),
    answer: { ModelName, PrimaryContainer, CreationTime: date },
  },
  {
    operation: 'ListModels',
    call: ({ sagemaker }) => sagemaker.send(new ListModelsCommand({ NameContains: 'contract' })),
    answer: { Models: [{ ModelName, ModelArn: arn('model'), CreationTime: date }] },
  },
  {
    operation: 'CreateEndpointConfig',
    call: ({ sagemaker }) =>
      sagemaker.send(
        new CreateEndpointConfigCommand({ EndpointConfigName, ProductionVariants, DataCaptureConfig }),
      ),
    answer: { EndpointConfigArn: arn('endpoint-config') },
  },
  {
    operation: 'DescribeEndpointConfig',
    call: ({ sagemaker }) => sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName })),
    answer: { EndpointConfigName, ProductionVariants, DataCaptureConfig, CreationTime: date },
  },
  {
    operation: 'ListEndpointConfigs',
    call: ({ sagemaker }) => sagemaker.send(new ListEndpointConfigsCommand({ SortBy: 'Name' })),
    answer: { EndpointConfigs: [{ EndpointConfigName, CreationTime: date }] },
  },
  {
    operation: 'CreateEndpoint',
    call: ({ sagemaker }) => sagemaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName })),
    answer: { EndpointArn: arn('endpoint') },
  },
  {
    operation: 'InvokeEndpoint',
    call: ({ sagemakerRuntime }, { clock }) => {
      clock.pass(300);
      const Body = JSON.stringify({ dataframe_split: { data: [[1], [2]] } });
      return sagemakerRuntime.send(
        new InvokeEndpointCommand({ EndpointName, Body, ContentType: 'application/json' }),
      );
    },
    answer: { ContentType: 'application/json', InvokedProductionVariant: 'AllTraffic' },
  },
  {
    operation: 'UpdateEndpoint',
    call: ({ sagemaker }) =>
      sagemaker.send(
        new UpdateEndpointCommand({
          ...{ EndpointName, EndpointConfigName, DeploymentConfig },
          RetainAllVariantProperties: true,
          ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }],
        }),
      ),
    answer: { EndpointArn: arn('endpoint') },
  },
  {
    operation: 'DescribeEndpoint',
    call: ({ sagemaker }, { clock }) => {
      // Long enough for the new fleet to run, too short for its bake time to be over.
      clock.pass(240);
      return sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    },
    answer: {
      EndpointStatus: 'Updating',
      EndpointConfigName,
      ProductionVariants: [{ DeployedImages: [{ ResolutionTime: date }], CurrentInstanceCount: 2 }],
      DataCaptureConfig: { CaptureStatus: 'Started', CurrentSamplingPercentage: 50 },
      LastDeploymentConfig: DeploymentConfig,
      PendingDeploymentSummary: {
        StartTime: date,
        ProductionVariants: [{ VariantStatus: [{ Status: 'Baking', StartTime: date }] }],
      },
    },
  },
  {
    operation: 'ListEndpoints',
    call: ({ sagemaker }) => sagemaker.send(new ListEndpointsCommand({ StatusEquals: 'Updating' })),
    answer: { Endpoints: [{ EndpointName, EndpointStatus: 'Updating', LastModifiedTime: date }] },
  },
  {
    operation: 'DeleteEndpoint',
    call: ({ sagemaker }, { clock }) => {
      clock.pass(120);
      return sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
    },
    answer: { $metadata: { httpStatusCode: 200 } },
  },
  {
    operation: 'DeleteEndpointConfig',
    call: ({ sagemaker }) => sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName })),
    answer: { $metadata: { httpStatusCode: 200 } },
  },
  {
    operation: 'DeleteModel',
    call: ({ sagemaker }) => sagemaker.send(new DeleteModelCommand({ ModelName })),
    answer: { $metadata: { httpStatusCode: 200 } },
  },
];
