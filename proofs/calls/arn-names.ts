import type { Resource } from '../artefacts';

/** What an ARN names, as far as a template can make it. */
interface NamedType {
  /** Property that holds the name. @default - another resource, or the template itself, tells it */
  readonly property?: string;
  /** Property whose value stands in front of the name in an ARN, between slashes. @default - none */
  readonly path?: string;
  /** False for names that do not lie in a region. @default true */
  readonly regional?: boolean;
  /** Characters of a name. @default anything but `/` and `:` */
  readonly form?: string;
}

const TYPES = {
  'AWS::CloudFormation::Stack': {},
  'AWS::ECR::Repository': { property: 'RepositoryName', form: '[^:]+' },
  'AWS::ECS::CapacityProvider': { property: 'Name' },
  'AWS::ECS::Cluster': { property: 'ClusterName' },
  'AWS::ECS::Service': { property: 'ServiceName' },
  'AWS::ECS::TaskDefinition': { property: 'Family' },
  'AWS::IAM::Role': { property: 'RoleName', path: 'Path', regional: false, form: '[^:]+' },
  'AWS::Lambda::Function': { property: 'FunctionName' },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', form: '[^:]+' },
  'AWS::S3::Bucket': { property: 'BucketName', regional: false },
  /** The pipeline makes it; the template only says between which limits it scales. */
  'AWS::SageMaker::Endpoint': {},
  'AWS::SNS::Topic': { property: 'TopicName' },
  'AWS::SSM::Document': { property: 'Name' },
  'AWS::SSM::Parameter': { property: 'Name', form: '/[^:]+' },
} as const satisfies Record<string, NamedType>;

export type NamedResourceType = keyof typeof TYPES;

/**
 * Resource parts of ARNs by service, with the type of the resource whose name stands in them. What AWS
 * names itself when it runs is `*`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  cloudformation: ['stack/{AWS::CloudFormation::Stack}/*'],
  // EC2 chooses the ids of instances; their tags are compared on their own.
  ec2: ['instance/*'],
  ecr: ['repository/{AWS::ECR::Repository}'],
  ecs: [
    'capacity-provider/{AWS::ECS::CapacityProvider}',
    'cluster/{AWS::ECS::Cluster}',
    'container-instance/{AWS::ECS::Cluster}/*',
    'service-deployment/{AWS::ECS::Cluster}/{AWS::ECS::Service}/*',
    'service-revision/{AWS::ECS::Cluster}/{AWS::ECS::Service}/*',
    'service/{AWS::ECS::Cluster}/{AWS::ECS::Service}',
    'task-definition/{AWS::ECS::TaskDefinition}:*',
    'task/{AWS::ECS::Cluster}/*',
  ],
  iam: ['role/{AWS::IAM::Role}'],
  lambda: ['function:{AWS::Lambda::Function}'],
  logs: [
    'log-group:/aws/sagemaker/Endpoints/{AWS::SageMaker::Endpoint}:*',
    'log-group:{AWS::Logs::LogGroup}',
    'log-group:{AWS::Logs::LogGroup}:*',
    'log-group:{AWS::Logs::LogGroup}:log-stream:*',
  ],
  sagemaker: ['endpoint/{AWS::SageMaker::Endpoint}', 'endpoint-config/*', 'model/*'],
  sns: ['{AWS::SNS::Topic}'],
  s3: ['{AWS::S3::Bucket}', '{AWS::S3::Bucket}/*'],
  ssm: ['document/{AWS::SSM::Document}', 'parameter{AWS::SSM::Parameter}'],
};

/** The first form that fits, with the names in it; `undefined` for an ARN of no known form. */
export interface NamesInArn {
  readonly account: string;
  readonly region: string;
  readonly names: readonly { readonly type: NamedResourceType; readonly name: string }[];
}

const compiled = new Map(
  Object.entries(FORMS).map(([service, forms]) => [service, forms.map(compile)] as const),
);

export function namesInArn(arn: string): NamesInArn | undefined {
  const [, , service = '', region = '', account = '', ...rest] = arn.split(':');
  const resource = rest.join(':');
  for (const { pattern, types } of compiled.get(service) ?? []) {
    const match = pattern.exec(resource);
    if (match) {
      return { account, region, names: types.map((type, index) => ({ type, name: match[index + 1] ?? '' })) };
    }
  }
  return undefined;
}

/** Physical names that templates give, ready to be looked up. */
export class PhysicalNames {
  private readonly resources = new Map<string, Resource[]>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      for (const { type, name } of namesGivenBy(resource)) {
        const key = keyOf(type, name, resource);
        const list = this.resources.get(key);
        if (list) list.push(resource);
        else this.resources.set(key, [resource]);
      }
    }
  }

  /** @param name as it stands in an ARN, that of a role with its path */
  find(type: NamedResourceType, name: string, where: Where): readonly Resource[] {
    return this.resources.get(keyOf(type, name, where)) ?? [];
  }

  /**
   * What an ARN names and no template makes, printable. A service must also lie in the cluster that the
   * ARN names beside it.
   */
  missing({ account, region, names }: NamesInArn): readonly string[] {
    const cluster = names.find(({ type }) => type === 'AWS::ECS::Cluster')?.name;
    return names
      .filter(({ type, name }) => {
        const found = this.find(type, name, { account, region });
        if (type !== 'AWS::ECS::Service' || cluster === undefined) return found.length === 0;
        return !found.some(({ properties }) => properties.Cluster === cluster);
      })
      .map(({ type, name }) => `${type} ${name}`);
  }
}

function namesGivenBy(resource: Resource): NamesInArn['names'] {
  const { type, properties, stack } = resource;
  const own = isNamed(type) ? nameInArn(resource, TYPES[type]) : undefined;
  const endpoint =
    type === 'AWS::ApplicationAutoScaling::ScalableTarget'
      ? /^endpoint\/([^/]+)\/variant\//.exec(String(properties.ResourceId))?.[1]
      : undefined;
  return [
    { type: 'AWS::CloudFormation::Stack', name: stack },
    ...(isNamed(type) && own !== undefined ? [{ type, name: own }] : []),
    ...(endpoint === undefined ? [] : [{ type: 'AWS::SageMaker::Endpoint', name: endpoint } as const]),
  ];
}

function nameInArn({ properties }: Resource, { property, path }: NamedType): string | undefined {
  const name = property === undefined ? undefined : properties[property];
  if (typeof name !== 'string') return undefined;
  const before = path === undefined ? undefined : properties[path];
  return before === undefined ? name : `${String(before).slice(1)}${name}`;
}

interface Where {
  readonly account: string;
  readonly region: string;
}

function keyOf(type: NamedResourceType, name: string, { account, region }: Where): string {
  const { regional = true }: NamedType = TYPES[type];
  // The ARN of a bucket has neither region nor account.
  return [type, type === 'AWS::S3::Bucket' ? '' : account, regional ? region : '', name].join(' ');
}

function compile(form: string): { readonly pattern: RegExp; readonly types: readonly NamedResourceType[] } {
  const types = [...form.matchAll(/\{([^}]+)\}/g)].map(([, type]) => type).filter(isNamed);
  const source = form
    .split(/(\{[^}]+\}|\*)/)
    .map((part) => {
      const type = /^\{(.+)\}$/.exec(part)?.[1];
      if (isNamed(type)) {
        const { form: characters = '[^/:]+' }: NamedType = TYPES[type];
        return `(${characters})`;
      }
      return part === '*' ? '.+' : part;
    })
    .join('');
  return { pattern: new RegExp(`^${source}$`), types };
}

function isNamed(type: string | undefined): type is NamedResourceType {
  return type !== undefined && Object.hasOwn(TYPES, type);
}
