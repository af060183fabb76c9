import type { CreateEndpointInput, UpdateEndpointInput } from '@aws-sdk/client-sagemaker';
import { type Call, type Input, stringOf } from '../../service';
import { dateOf, describeEndpoint } from '../describe-endpoint';
import { configNamed } from '../fleet';
import type { Moment } from '../moment';
import { alreadyThere, checkName, sageMakerArn } from '../names';
import { endpointAt, endpointNamed } from '../endpoint';
import { making, on, onAnything } from '../questions';
import { checkAtRest, startCreating, startUpdate } from '../update';
import { LIST_MEMBERS, listed } from './listing';
import { operations } from './operation';

export const endpointOperations = (moment: () => Moment) =>
  operations(moment, {
    CreateEndpoint: {
      ask: making('CreateEndpoint', ['endpoint', 'endpoint-config']),
      members: ['EndpointName', 'EndpointConfigName', 'DeploymentConfig', 'Tags'],
      handle: create,
    },
    UpdateEndpoint: {
      ask: on('UpdateEndpoint', 'endpoint', 'endpoint-config'),
      members: [
        ...['EndpointName', 'EndpointConfigName', 'RetainAllVariantProperties'],
        ...['ExcludeRetainedVariantProperties', 'DeploymentConfig', 'RetainDeploymentConfig'],
      ],
      handle: (now, input, call) => {
        const endpoint = endpointNamed(now, call, stringOf(input, 'EndpointName'));
        // The server has checked the input against the SDK's schema of this request.
        startUpdate(now, endpoint, input as unknown as UpdateEndpointInput);
        return { EndpointArn: endpoint.arn };
      },
    },
    DescribeEndpoint: {
      ask: on('DescribeEndpoint', 'endpoint'),
      members: ['EndpointName'],
      handle: (now, input, call) =>
        describeEndpoint(endpointNamed(now, call, stringOf(input, 'EndpointName'))),
    },
    ListEndpoints: {
      ask: onAnything('ListEndpoints'),
      members: [...LIST_MEMBERS, 'StatusEquals'],
      handle: ({ state }, input, call) => {
        const { StatusEquals: status } = input;
        const found = state.endpoints.filter((each) => status === undefined || each.status === status);
        const { items, token } = listed(found, input, call);
        const Endpoints = items.map(({ name, arn, status: EndpointStatus, createdAt, modifiedAt }) => ({
          ...{ EndpointName: name, EndpointArn: arn, EndpointStatus },
          ...{ CreationTime: dateOf(createdAt), LastModifiedTime: dateOf(modifiedAt) },
        }));
        return { Endpoints, ...token };
      },
    },
    DeleteEndpoint: {
      ask: on('DeleteEndpoint', 'endpoint'),
      members: ['EndpointName'],
      handle: (now, input, call) => {
        const endpoint = endpointNamed(now, call, stringOf(input, 'EndpointName'));
        checkAtRest(endpoint);
        endpoint.status = 'Deleting';
        endpoint.modifiedAt = now.now;
        return {};
      },
    },
  });

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html */
function create(moment: Moment, input: Input, call: Call): object {
  const { DeploymentConfig: lastDeploymentConfig } = input as unknown as CreateEndpointInput;
  const name = stringOf(input, 'EndpointName');
  checkName('endpointName', name);
  if (endpointAt(moment, call, name)) throw alreadyThere('endpoint', sageMakerArn(call, 'endpoint', name));
  const config = configNamed(moment, call, stringOf(input, 'EndpointConfigName'));
  const wanted = { name, ...(lastDeploymentConfig && { lastDeploymentConfig }) };
  return { EndpointArn: startCreating(moment, call, config, wanted).arn };
}
