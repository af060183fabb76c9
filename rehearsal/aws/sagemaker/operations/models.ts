import type { CreateModelInput } from '@aws-sdk/client-sagemaker';
import { refuseOthers } from '../../modelled-members';
import { type Call, type Input, stringOf } from '../../service';
import { dateOf } from '../describe-endpoint';
import { modelAt, modelNamed } from '../fleet';
import { fetchedBy, fetchFault, refusalOf } from '../model-content';
import type { Moment } from '../moment';
import { alreadyThere, checkName, invalid, sageMakerArn } from '../names';
import { makingModel, on, onAnything } from '../questions';
import { LIST_MEMBERS, listed } from './listing';
import { operations } from './operation';

/** One container that serves one model. The network of a model is declared, and makes no difference. */
const MEMBERS = [
  ...['ModelName', 'PrimaryContainer', 'ExecutionRoleArn', 'Tags', 'VpcConfig', 'EnableNetworkIsolation'],
];
const CONTAINER = ['ContainerHostname', 'Image', 'Mode', 'ModelDataUrl', 'ModelDataSource', 'Environment'];

export const modelOperations = (moment: () => Moment) =>
  operations(moment, {
    CreateModel: { ask: makingModel, members: MEMBERS, handle: create },
    DescribeModel: {
      ask: on('DescribeModel', 'model'),
      members: ['ModelName'],
      handle: (now, input, call) => {
        const { arn, createdAt, content } = modelNamed(now, call, stringOf(input, 'ModelName'));
        const { Tags: _, ...described } = content;
        return { ...described, ModelArn: arn, CreationTime: dateOf(createdAt) };
      },
    },
    ListModels: {
      ask: onAnything('ListModels'),
      members: LIST_MEMBERS,
      handle: ({ state }, input, call) => {
        const { items, token } = listed(state.models, input, call);
        const Models = items.map(({ name, arn, createdAt }) => ({
          ...{ ModelName: name, ModelArn: arn, CreationTime: dateOf(createdAt) },
        }));
        return { Models, ...token };
      },
    },
    // Only the entry goes away: artifact, image and role stay, and an endpoint that runs it goes on.
    DeleteModel: {
      ask: on('DeleteModel', 'model'),
      members: ['ModelName'],
      handle: (now, input, call) => {
        const gone = modelNamed(now, call, stringOf(input, 'ModelName'));
        now.state.models = now.state.models.filter((each) => each !== gone);
        return {};
      },
    },
  });

/** SageMaker looks for image and artifact with the execution role before it makes the model. */
function create(moment: Moment, input: Input, call: Call): object {
  // The server has checked the input against the SDK's schema of this request.
  const content = { ...input } as unknown as CreateModelInput;
  const name = stringOf(input, 'ModelName');
  checkName('modelName', name);
  const container = content.PrimaryContainer;
  refuseOthers('sagemaker:CreateModel PrimaryContainer', { ...container }, CONTAINER);
  if ((container?.Mode ?? 'SingleModel') !== 'SingleModel') {
    throw invalid(`the rehearsal models SingleModel containers, got ${container?.Mode}`);
  }
  const arn = sageMakerArn(call, 'model', name);
  if (modelAt(moment, call, name)) throw alreadyThere('model', arn);
  const fetched = fetchedBy(content);
  const fault = fetchFault(moment, call, fetched);
  if (fault) throw invalid(refusalOf(fault, call, fetched));
  const { account, region } = call;
  moment.state.models.push({ account, region, arn, name, createdAt: moment.now, content });
  return { ModelArn: arn };
}
