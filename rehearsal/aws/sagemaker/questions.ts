import type { RequestContext } from '../../../proofs/iam';
import { type Call, type Input, type Question, stringOf } from '../service';
import { sageMakerArn } from './names';

/**
 * What IAM is asked before an operation of SageMaker.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export type Ask = (input: Input, call: Call) => readonly Question[];

type Kind = Parameters<typeof sageMakerArn>[1];

/** Member of a request that names each kind. */
const MEMBER: Readonly<Record<Kind, string>> = {
  model: 'ModelName',
  'endpoint-config': 'EndpointConfigName',
  endpoint: 'EndpointName',
};

/** Lists: IAM offers no resource type for them. */
export const onAnything =
  (operation: string): Ask =>
  () => [{ action: `sagemaker:${operation}`, resource: '*' }];

/** Things that the request names, all of which must be allowed. */
export const on =
  (operation: string, ...kinds: readonly Kind[]): Ask =>
  (input, call) =>
    kinds.map((kind) => question(operation, kind, input, call, {}));

const question = (
  operation: string,
  kind: Kind,
  input: Input,
  call: Call,
  context: RequestContext,
): Question => ({
  action: `sagemaker:${operation}`,
  resource: sageMakerArn(call, kind, stringOf(input, MEMBER[kind])),
  context,
});

/** A new thing. Tags need a permission of their own. */
export const making =
  (
    operation: string,
    kinds: readonly Kind[],
    contextOf: (input: Input, call: Call) => RequestContext = () => ({}),
  ): Ask =>
  (input, call) => {
    const tags = tagContext(input);
    const context = { ...contextOf(input, call), ...tags };
    const asked = kinds.map((kind) => question(operation, kind, input, call, context));
    const [made] = asked;
    if (!made || Object.keys(tags).length === 0) return asked;
    const tagging = { ...tags, 'sagemaker:TaggingAction': operation };
    return [...asked, { action: 'sagemaker:AddTags', resource: made.resource, context: tagging }];
  };

/** A model hands its execution role to SageMaker. */
export const makingModel: Ask = (input, call) => [
  ...making('CreateModel', ['model'], isolation)(input, call),
  ...(typeof input.ExecutionRoleArn === 'string'
    ? [
        {
          action: 'iam:PassRole',
          resource: input.ExecutionRoleArn,
          context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
        },
      ]
    : []),
];

export const makingConfig: Ask = making('CreateEndpointConfig', ['endpoint-config'], (input, call) => {
  const variants = listOf(input.ProductionVariants);
  const names = textsOf(variants, 'ModelName').map((name) => sageMakerArn(call, 'model', name));
  return {
    ...isolation(input),
    'sagemaker:InstanceTypes': textsOf(variants, 'InstanceType'),
    'sagemaker:ModelArn': names,
  };
});

const isolation = ({ EnableNetworkIsolation: isolated }: Input): RequestContext =>
  isolated === undefined ? {} : { 'sagemaker:NetworkIsolation': String(isolated) };

function tagContext({ Tags }: Input): RequestContext {
  const tags = listOf(Tags);
  if (tags.length === 0) return {};
  const entries = tags.map(({ Key, Value }) => [`aws:RequestTag/${String(Key)}`, String(Value)]);
  return { 'aws:TagKeys': textsOf(tags, 'Key'), ...(Object.fromEntries(entries) as RequestContext) };
}

const listOf = (value: unknown): readonly Input[] =>
  Array.isArray(value) ? (value as readonly Input[]) : [];

const textsOf = (items: readonly Input[], member: string): readonly string[] =>
  items.map((item) => item[member]).filter((text) => typeof text === 'string');
