import { Unresolved, type Value } from './value';

/** A template as the CDK synthesized it. */
export interface TemplateSource {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly body: unknown;
}

export interface Resource {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  /** Construct path, as the CDK notes it in the metadata; the logical id where it does not. */
  readonly path: string;
  readonly properties: { readonly [key: string]: Value };
  /** Name of the condition on which the stack makes it. */
  readonly condition?: string;
  /** What becomes of it when the stack, or the resource, is deleted or replaced. */
  readonly removal: { readonly deletion?: string; readonly replacement?: string };
}

/** How a reference to a resource with a physical name reads, for the types whose names Lockstep chooses. */
interface NamedType {
  readonly nameProperty: string;
  readonly arn: (name: string, where: { readonly account: string; readonly region: string }) => string;
  /** What `Ref` gives. @default - the name */
  readonly ref?: 'arn';
}

/**
 * ARN of a role: its path stands between `role` and the name.
 *
 * @param path as the template has it, already resolved
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export const roleArn = (account: string, name: string, path: Value = '/'): string =>
  `arn:aws:iam::${account}:role${String(path)}${name}`;

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const functionArn = (
  name: string,
  { account, region }: { readonly account: string; readonly region: string },
): string => `arn:aws:lambda:${region}:${account}:function:${name}`;

const NAMED: Readonly<Record<string, NamedType>> = {
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    arn: (name, { account }) => roleArn(account, name),
  },
  'AWS::ECS::Cluster': {
    nameProperty: 'ClusterName',
    arn: (name, { account, region }) => `arn:aws:ecs:${region}:${account}:cluster/${name}`,
  },
  'AWS::ECR::Repository': {
    nameProperty: 'RepositoryName',
    arn: (name, { account, region }) => `arn:aws:ecr:${region}:${account}:repository/${name}`,
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    arn: (name, where) => functionArn(name, where),
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    arn: (name, { account, region }) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    arn: (name) => `arn:aws:s3:::${name}`,
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    arn: (name, { account, region }) => `arn:aws:sns:${region}:${account}:${name}`,
    ref: 'arn',
  },
  'AWS::SSM::Document': {
    nameProperty: 'Name',
    arn: (name, { account, region }) => `arn:aws:ssm:${region}:${account}:document/${name}`,
  },
  'AWS::SSM::Parameter': {
    nameProperty: 'Name',
    arn: (name, { account, region }) => `arn:aws:ssm:${region}:${account}:parameter${name}`,
  },
};

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every resource of a template, with names in place of references wherever the template tells them. */
export function resourcesOf(source: TemplateSource): readonly Resource[] {
  const resources = isObject(source.body) && isObject(source.body.Resources) ? source.body.Resources : {};
  return Object.entries(resources)
    .filter((entry): entry is [string, Json] => isObject(entry[1]))
    .map(([logicalId, resource]) => {
      const metadata = isObject(resource.Metadata) ? resource.Metadata['aws:cdk:path'] : undefined;
      const properties = resolve(resource.Properties ?? {}, source, resources);
      return {
        stack: source.stack,
        account: source.account,
        region: source.region,
        logicalId,
        type: String(resource.Type),
        path:
          typeof metadata === 'string' ? metadata.replace(/\/Resource$/, '') : `${source.stack}/${logicalId}`,
        properties: properties as Resource['properties'],
        ...(typeof resource.Condition === 'string' && { condition: resource.Condition }),
        removal: {
          ...(typeof resource.DeletionPolicy === 'string' && { deletion: resource.DeletionPolicy }),
          ...(typeof resource.UpdateReplacePolicy === 'string' && {
            replacement: resource.UpdateReplacePolicy,
          }),
        },
      };
    });
}

/** Puts names and ARNs in place of intrinsic functions; what is not known stays `Unresolved`. */
function resolve(value: unknown, source: TemplateSource, resources: Json): Value {
  if (Array.isArray(value)) return value.map((item) => resolve(item, source, resources));
  if (!isObject(value)) return value as Value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return intrinsic(only[0], only[1], source, resources);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, source, resources)]));
}

function intrinsic(name: string, argument: unknown, source: TemplateSource, resources: Json): Value {
  if (name === 'Ref' && typeof argument === 'string') return reference(argument, source, resources);
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
    const [id, attribute] = argument as unknown[];
    const named = namedResource(String(id), source, resources);
    if (named && (attribute === 'Arn' || (attribute === 'TopicArn' && named.type.ref === 'arn')))
      return arnOf(named, source, resources);
    return new Unresolved(`${String(id)}.${String(attribute)}`, [String(id)]);
  }
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    const parts = (argument[1] as unknown[]).map((part) => resolve(part, source, resources));
    return joined(parts, String(argument[0]));
  }
  if (name === 'Fn::Sub') return substituted(argument, source, resources);
  const values = name === 'Fn::If' && Array.isArray(argument) ? (argument as unknown[]).slice(1) : undefined;
  return new Unresolved(
    `${name} ${JSON.stringify(argument)}`,
    referencesIn(argument),
    values && { choices: values.map((value) => resolve(value, source, resources)) },
  );
}

/** One text, unless a part of it is not known. */
function joined(parts: readonly Value[], separator = ''): Value {
  const unknown = parts.find((part) => part instanceof Unresolved);
  const text = parts.map(String).join(separator);
  return unknown ? new Unresolved(unknown.description, unknown.references, { text }) : text;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html */
function substituted(argument: unknown, source: TemplateSource, resources: Json): Value {
  const [text, given] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  if (typeof text !== 'string') return new Unresolved(`Fn::Sub ${JSON.stringify(argument)}`);
  const values = isObject(given) ? given : {};
  const parts = text.split(/(\$\{[^}]*\})/).map((part): Value => {
    const name = /^\$\{\s*([^}]*?)\s*\}$/.exec(part)?.[1];
    if (name === undefined) return part;
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(values, name)) return resolve(values[name], source, resources);
    const [id = '', ...attribute] = name.split('.');
    return attribute.length === 0
      ? reference(id, source, resources)
      : intrinsic('Fn::GetAtt', [id, attribute.join('.')], source, resources);
  });
  return joined(parts);
}

/** Logical ids below `Ref` and `Fn::GetAtt`, at whatever depth. */
function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [String(item)];
    if (key === 'Fn::GetAtt' && Array.isArray(item)) return [String(item[0])];
    return referencesIn(item);
  });
}

function reference(id: string, source: TemplateSource, resources: Json): Value {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': source.account,
    'AWS::Region': source.region,
    'AWS::Partition': 'aws',
    'AWS::StackName': source.stack,
  };
  const named = namedResource(id, source, resources);
  const known = named?.type.ref === 'arn' ? named.type.arn(named.name, source) : named?.name;
  return pseudo[id] ?? known ?? new Unresolved(`Ref ${id}`, [id]);
}

interface NamedResource {
  readonly name: string;
  readonly type: NamedType;
  /** Path of a role, as the template has it. */
  readonly path?: unknown;
}

function arnOf({ name, type, path }: NamedResource, source: TemplateSource, resources: Json): Value {
  if (path === undefined) return type.arn(name, source);
  const known = resolve(path, source, resources);
  return known instanceof Unresolved ? known : roleArn(source.account, name, known);
}

function namedResource(id: string, source: TemplateSource, resources: Json): NamedResource | undefined {
  const resource = resources[id];
  if (!isObject(resource) || !isObject(resource.Properties)) return undefined;
  const type = NAMED[String(resource.Type)];
  const name = type && resolve(resource.Properties[type.nameProperty], source, resources);
  if (!type || typeof name !== 'string') return undefined;
  const { Path } = resource.Properties;
  return { name, type, ...(resource.Type === 'AWS::IAM::Role' && Path !== undefined && { path: Path }) };
}
