import { count } from './markdown';
import { type Resource, resourcesOf } from './template';

/** One thing of a template that AWS bills. */
export interface Billed {
  readonly what: string;
  readonly driver: string;
  readonly page: string;
}

interface BilledType {
  /** What one of them is called; more get an `s`, where it says nothing of its size. */
  readonly name: string;
  readonly driver: string;
  readonly page: string;
  /** Its size, where the template tells it; undefined for one that costs nothing. */
  readonly size?: (resource: Resource, all: readonly Resource[]) => string | undefined;
}

const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const EC2 = 'https://aws.amazon.com/ec2/pricing/on-demand/';

/** Types of resources that cost money by the hour, or by what they keep and carry. */
const TYPES: ReadonlyMap<string, BilledType> = new Map<string, BilledType>([
  [
    'AWS::AutoScaling::AutoScalingGroup',
    { name: 'group of instances', driver: 'hours of running instances', page: EC2, size: groupSize },
  ],
  [
    'AWS::EC2::Instance',
    {
      name: 'instance',
      driver: 'hours',
      page: EC2,
      size: ({ properties }) => text(properties.InstanceType),
    },
  ],
  [
    'AWS::ECS::TaskDefinition',
    {
      name: 'tasks',
      driver: 'hours of running tasks',
      page: 'https://aws.amazon.com/fargate/pricing/',
      size: taskSize,
    },
  ],
  [
    'AWS::ApplicationAutoScaling::ScalableTarget',
    {
      name: 'autoscaling',
      driver: 'load, as more is run; it costs nothing itself',
      page: 'https://aws.amazon.com/autoscaling/pricing/',
      size: ({ properties }) =>
        `${text(properties.MinCapacity)} to ${text(properties.MaxCapacity)} of ${text(properties.ScalableDimension)}`,
    },
  ],
  [
    'AWS::EC2::NatGateway',
    {
      name: 'NAT gateway',
      driver: 'hours, and what passes through',
      page: 'https://aws.amazon.com/vpc/pricing/',
    },
  ],
  [
    'AWS::EC2::VPCEndpoint',
    {
      name: 'VPC endpoint',
      driver: 'hours of interface endpoints; gateways are free',
      page: 'https://aws.amazon.com/privatelink/pricing/',
    },
  ],
  [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    {
      name: 'load balancer',
      driver: 'hours, and connections and traffic',
      page: 'https://aws.amazon.com/elasticloadbalancing/pricing/',
    },
  ],
  [
    'AWS::EC2::Volume',
    {
      name: 'volume',
      driver: 'size',
      page: 'https://aws.amazon.com/ebs/pricing/',
      size: ({ properties }) => `${text(properties.Size)} GiB ${text(properties.VolumeType)}`,
    },
  ],
  [
    'AWS::ECR::Repository',
    {
      name: 'image repository',
      driver: 'size of the images that are kept',
      page: 'https://aws.amazon.com/ecr/pricing/',
    },
  ],
  ['AWS::S3::Bucket', { name: 'bucket', driver: 'what is kept', page: 'https://aws.amazon.com/s3/pricing/' }],
  ['AWS::Logs::LogGroup', { name: 'log group', driver: 'what is written and kept', page: CLOUDWATCH }],
  ['AWS::CloudWatch::Alarm', { name: 'alarm', driver: 'months', page: CLOUDWATCH }],
  ['AWS::KMS::Key', { name: 'key', driver: 'months, and uses', page: 'https://aws.amazon.com/kms/pricing/' }],
  [
    'AWS::Lambda::Function',
    { name: 'function', driver: 'calls', page: 'https://aws.amazon.com/lambda/pricing/' },
  ],
  ['AWS::SNS::Topic', { name: 'topic', driver: 'mails', page: 'https://aws.amazon.com/sns/pricing/' }],
]);

/** What AWS bills of a template, in the order of the table; the same size is said once. */
export function billed(template: unknown): readonly Billed[] {
  const all = resourcesOf(template);
  return [...TYPES].flatMap(([type, { name, driver, page, size }]) => {
    const sizes = all
      .filter((each) => each.type === type)
      .flatMap((each) => (size ? (size(each, all) ?? []) : ''));
    return [...new Set(sizes)].map((each) => ({
      what: whatOf(name, each, sizes.filter((other) => other === each).length),
      driver,
      page,
    }));
  });
}

const whatOf = (name: string, size: string, number: number): string =>
  size === '' ? count(number, name) : number === 1 ? `${name}: ${size}` : `${number} × ${name}: ${size}`;

/** Properties that CloudFormation works out say nothing here. */
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : 'so many as it computes';

/** Tasks on instances are paid for with these. */
function taskSize({ properties }: Resource): string | undefined {
  const { RequiresCompatibilities: needs, Cpu, Memory } = properties;
  return Array.isArray(needs) && needs.includes('FARGATE')
    ? `Fargate, ${text(Cpu)} CPU units and ${text(Memory)} MiB each`
    : undefined;
}

/** The types of a group stand in its overrides, or in its launch template. */
function groupSize({ properties }: Resource, all: readonly Resource[]): string {
  const own = JSON.stringify(properties);
  const templates = all.filter(
    ({ id, type }) => type === 'AWS::EC2::LaunchTemplate' && own.includes(`"${id}"`),
  );
  const overrides = typesIn(properties);
  const types = overrides.length > 0 ? overrides : templates.flatMap((each) => typesIn(each.properties));
  return `${text(properties.MinSize)} to ${text(properties.MaxSize)} × ${[...new Set(types)].join(' or ')}`;
}

const typesIn = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/"InstanceType":"([^"]+)"/g)].map(([, type = '']) => type);
