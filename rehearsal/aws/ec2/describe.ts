import { refuseOthers } from '../modelled-members';
import { isAt } from '../place';
import { ApiFault, type Call, type Input, type Operation, page } from '../service';
import type { Ec2Holder } from './resources';
import type { Description, Kind, StoredResource } from './state';

interface Describe {
  readonly operation: string;
  readonly kind: Kind;
  /** Member of the request that lists ids. */
  readonly ids: string;
  /** Exception for an id that does not exist. */
  readonly notFound: string;
}

const DESCRIBES: readonly Describe[] = [
  { operation: 'DescribeVpcs', kind: 'Vpcs', ids: 'VpcIds', notFound: 'InvalidVpcID.NotFound' },
  { operation: 'DescribeSubnets', kind: 'Subnets', ids: 'SubnetIds', notFound: 'InvalidSubnetID.NotFound' },
  {
    operation: 'DescribeSecurityGroups',
    kind: 'SecurityGroups',
    ids: 'GroupIds',
    notFound: 'InvalidGroup.NotFound',
  },
  {
    operation: 'DescribeInstances',
    kind: 'Instances',
    ids: 'InstanceIds',
    notFound: 'InvalidInstanceID.NotFound',
  },
];

/** Filters, by name, and the member of the description that each compares. */
const FILTERS: Readonly<Record<string, string>> = {
  'availability-zone': 'AvailabilityZone',
  'group-id': 'GroupId',
  'group-name': 'GroupName',
  'instance-id': 'InstanceId',
  'instance-type': 'InstanceType',
  'subnet-id': 'SubnetId',
  'vpc-id': 'VpcId',
};

/** EC2 pages by up to a thousand. */
const MOST = 1_000;

/** The calls that look at resources. IAM knows no resource types for them. */
export function describeOperations(ec2: Ec2Holder): Readonly<Record<string, Operation>> {
  return Object.fromEntries(
    DESCRIBES.map((describe) => [
      describe.operation,
      {
        source: `https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_${describe.operation}.html`,
        questions: (_, { region }) => [
          { action: `ec2:${describe.operation}`, resource: '*', context: { 'ec2:Region': region } },
        ],
        handle: (input: Input, call: Call) => answer(ec2, describe, input, call),
      },
    ]),
  );
}

function answer(
  ec2: Ec2Holder,
  { operation, kind, ids, notFound }: Describe,
  input: Input,
  call: Call,
): object {
  refuseOthers(`ec2:${operation}`, input, [ids, 'Filters', 'MaxResults', 'NextToken']);
  const own = [...ec2.state.resources.values()].filter((each) => each.kind === kind && isAt(each, call));
  const wanted = input[ids] as readonly string[] | undefined;
  const missing = wanted?.filter((id) => !own.some((each) => each.id === id)) ?? [];
  if (missing.length > 0) throw new ApiFault(notFound, `The ID '${missing.join(', ')}' does not exist`);
  const found = own.filter(({ id }) => !wanted || wanted.includes(id)).filter(filterOf(input));
  const { MaxResults: maxResults, NextToken: nextToken } = input;
  const asked = {
    ...(maxResults !== undefined && { maxResults }),
    ...(nextToken !== undefined && { nextToken }),
  };
  const paged =
    maxResults === undefined && nextToken === undefined ? { items: found } : page(asked, found, MOST);
  const descriptions = paged.items.map(({ description }) => description);
  return {
    ...(kind === 'Instances' ? { Reservations: descriptions.map(reservation) } : { [kind]: descriptions }),
    ...('nextToken' in paged && paged.nextToken !== undefined && { NextToken: paged.nextToken }),
  };
}

/** Instances of a template are launched one by one. */
const reservation = (instance: Description): object => ({
  ReservationId: String(instance.InstanceId).replace(/^i-/, 'r-'),
  Instances: [instance],
});

/** @throws Error for a filter that is not modelled */
function filterOf({ Filters = [] }: Input): (resource: StoredResource) => boolean {
  const filters = (Filters as readonly { Name?: string; Values?: readonly string[] }[]).map(
    ({ Name = '', Values = [] }) => {
      const read = valueOf(Name);
      return ({ description }: StoredResource): boolean => Values.includes(read(description));
    },
  );
  return (resource) => filters.every((fits) => fits(resource));
}

function valueOf(filter: string): (description: Description) => string {
  const [, tag] = /^tag:(.+)$/.exec(filter) ?? [];
  if (tag !== undefined) {
    return ({ Tags }) =>
      (Tags as readonly { Key: string; Value: string }[]).find(({ Key }) => Key === tag)?.Value ?? '';
  }
  if (filter === 'instance-state-name')
    return ({ State }) => String((State as { readonly Name?: string }).Name);
  const member = FILTERS[filter];
  if (member === undefined) throw new Error(`the rehearsal does not model the filter ${filter} of EC2`);
  return (description) => String(description[member]);
}
