import type { CreateEndpointConfigInput } from '@aws-sdk/client-sagemaker';
import { refuseOthers } from '../../modelled-members';
import { type Call, type Input, stringOf } from '../../service';
import { dateOf } from '../describe-endpoint';
import { configAt, configNamed, modelNamed } from '../fleet';
import type { Moment } from '../moment';
import { alreadyThere, checkName, invalid, sageMakerArn } from '../names';
import { makingConfig, on, onAnything } from '../questions';
import { LIST_MEMBERS, listed } from './listing';
import { operations } from './operation';

const MEMBERS = [
  ...['EndpointConfigName', 'ProductionVariants', 'DataCaptureConfig', 'Tags', 'KmsKeyId'],
  ...['VpcConfig', 'EnableNetworkIsolation'],
];
/** Instances of one type that serve all the time. */
const VARIANT = [
  ...['VariantName', 'ModelName', 'InitialInstanceCount', 'InstanceType', 'InitialVariantWeight'],
  ...['VolumeSizeInGB', 'ModelDataDownloadTimeoutInSeconds', 'ContainerStartupHealthCheckTimeoutInSeconds'],
  ...['EnableSSMAccess', 'InferenceAmiVersion', 'RoutingConfig', 'CoreDumpConfig'],
];

export const endpointConfigOperations = (moment: () => Moment) =>
  operations(moment, {
    CreateEndpointConfig: { ask: makingConfig, members: MEMBERS, handle: create },
    DescribeEndpointConfig: {
      ask: on('DescribeEndpointConfig', 'endpoint-config'),
      members: ['EndpointConfigName'],
      handle: (now, input, call) => {
        const { arn, createdAt, content } = configNamed(now, call, stringOf(input, 'EndpointConfigName'));
        const { Tags: _, ...described } = content;
        return { ...described, EndpointConfigArn: arn, CreationTime: dateOf(createdAt) };
      },
    },
    ListEndpointConfigs: {
      ask: onAnything('ListEndpointConfigs'),
      members: LIST_MEMBERS,
      handle: ({ state }, input, call) => {
        const { items, token } = listed(state.configs, input, call);
        const EndpointConfigs = items.map(({ name, arn, createdAt }) => ({
          ...{ EndpointConfigName: name, EndpointConfigArn: arn, CreationTime: dateOf(createdAt) },
        }));
        return { EndpointConfigs, ...token };
      },
    },
    // AWS asks not to delete one that is in use, and does not refuse it: the endpoint goes on, and cannot be updated
    // any more. Such an endpoint counts as left behind.
    DeleteEndpointConfig: {
      ask: on('DeleteEndpointConfig', 'endpoint-config'),
      members: ['EndpointConfigName'],
      handle: (now, input, call) => {
        const gone = configNamed(now, call, stringOf(input, 'EndpointConfigName'));
        now.state.configs = now.state.configs.filter((each) => each !== gone);
        return {};
      },
    },
  });

/** A configuration never changes: another one needs another name. */
function create(moment: Moment, input: Input, call: Call): object {
  // The server has checked the input against the SDK's schema of this request.
  const content = { ...input } as unknown as CreateEndpointConfigInput;
  const name = stringOf(input, 'EndpointConfigName');
  checkName('endpointConfigName', name);
  const arn = sageMakerArn(call, 'endpoint-config', name);
  if (configAt(moment, call, name)) throw alreadyThere('endpoint-config', arn);
  const variants = content.ProductionVariants ?? [];
  if (variants.length === 0) throw invalid('ProductionVariants: at least 1');
  for (const variant of variants) {
    refuseOthers('sagemaker:CreateEndpointConfig ProductionVariants', { ...variant }, VARIANT);
    if (!variant.InstanceType || !((variant.InitialInstanceCount ?? 0) >= 1)) {
      throw invalid(
        `ProductionVariants ${variant.VariantName}: InstanceType and InitialInstanceCount are needed`,
      );
    }
    modelNamed(moment, call, variant.ModelName ?? '');
  }
  const { account, region } = call;
  moment.state.configs.push({ account, region, arn, name, createdAt: moment.now, content });
  return { EndpointConfigArn: arn };
}
