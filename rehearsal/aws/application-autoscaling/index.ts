import * as schemas from '@aws-sdk/client-application-auto-scaling';
import { z } from 'zod';
import type { VirtualClock } from '../../clock/virtual-clock';
import { refuseOthers } from '../modelled-members';
import { isAt, type Place } from '../place';
import { readProperties } from '../resource-properties';
import {
  type AwsService,
  type Call,
  type Input,
  type Made,
  type Operation,
  page,
  stringOf,
  stringsOf,
  type TemplateResource,
} from '../service';

/** Times are milliseconds since the epoch. */
interface ScalableTargetState extends Place {
  readonly arn: string;
  readonly namespace: string;
  readonly resourceId: string;
  readonly dimension: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly role: string;
  readonly createdAt: number;
}

interface ScalingPolicyState extends Place {
  readonly arn: string;
  readonly name: string;
  readonly type: string;
  readonly namespace: string;
  readonly resourceId: string;
  readonly dimension: string;
  readonly createdAt: number;
}

export interface ApplicationAutoScalingState {
  lastId: number;
  targets: ScalableTargetState[];
  policies: ScalingPolicyState[];
}

const REFERENCE = 'https://docs.aws.amazon.com/autoscaling/application/APIReference/API_';
/** Largest page that AWS gives. */
const PAGE = 50;
const SERVICE_ROLE = 'aws-service-role/ecs.application-autoscaling.amazonaws.com';

const targetSchema = z.looseObject({
  ServiceNamespace: z.string(),
  ResourceId: z.string(),
  ScalableDimension: z.string(),
  MinCapacity: z.coerce.number().int(),
  MaxCapacity: z.coerce.number().int(),
  RoleARN: z.string().optional(),
});

const policySchema = z.looseObject({
  PolicyName: z.string(),
  PolicyType: z.enum(['TargetTrackingScaling', 'StepScaling']),
  /** `ResourceId|ScalableDimension|ServiceNamespace`: what the scalable target is referred to by. */
  ScalingTargetId: z.string(),
});

/**
 * Scalable targets and their policies as they are declared. Nothing is measured, so nothing scales by itself: a
 * fault that wants another number of tasks sets it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export class ApplicationAutoScalingService implements AwsService {
  readonly signingName = 'application-autoscaling';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>> = {
    DescribeScalableTargets: read('DescribeScalableTargets', ['ResourceIds'], (input, call) =>
      this.describeTargets(input, call),
    ),
    DescribeScalingPolicies: read('DescribeScalingPolicies', ['ResourceId'], (input, call) =>
      this.describePolicies(input, call),
    ),
  };
  readonly makes: AwsService['makes'] = {
    'AWS::ApplicationAutoScaling::ScalableTarget': (resource) => this.makeTarget(resource),
    'AWS::ApplicationAutoScaling::ScalingPolicy': (resource) => this.makePolicy(resource),
  };
  state: ApplicationAutoScalingState = { lastId: 0, targets: [], policies: [] };
  private readonly clock: VirtualClock;

  constructor({ clock }: { readonly clock: VirtualClock }) {
    this.clock = clock;
  }

  /** Nothing: a run changes no scaling. */
  leftovers(): readonly string[] {
    return [];
  }

  private makeTarget(resource: TemplateResource): Made {
    const given = readProperties(resource, targetSchema);
    const { account, region } = resource;
    const { ServiceNamespace: namespace, ResourceId: resourceId, ScalableDimension: dimension } = given;
    const fallback = `arn:aws:iam::${account}:role/${SERVICE_ROLE}/AWSServiceRoleForApplicationAutoScaling_ECSService`;
    this.state.targets.push({
      account,
      region,
      arn: `arn:aws:application-autoscaling:${region}:${account}:scalable-target/${this.nextId()}`,
      namespace,
      resourceId,
      dimension,
      minCapacity: given.MinCapacity,
      maxCapacity: given.MaxCapacity,
      role: given.RoleARN ?? fallback,
      createdAt: this.clock.now(),
    });
    return { ref: `${resourceId}|${dimension}|${namespace}` };
  }

  private makePolicy(resource: TemplateResource): Made {
    const { PolicyName: name, PolicyType: type, ScalingTargetId } = readProperties(resource, policySchema);
    const { account, region } = resource;
    const [resourceId = '', dimension = '', namespace = ''] = ScalingTargetId.split('|');
    const path = `${this.nextId()}:resource/${namespace}/${resourceId}:policyName/${name}`;
    const arn = `arn:aws:autoscaling:${region}:${account}:scalingPolicy:${path}`;
    const createdAt = this.clock.now();
    this.state.policies.push({
      account,
      region,
      arn,
      name,
      type,
      namespace,
      resourceId,
      dimension,
      createdAt,
    });
    return { ref: arn };
  }

  private nextId(): string {
    this.state.lastId += 1;
    return this.state.lastId.toString(16).padStart(32, '0');
  }

  private describeTargets(input: Input, call: Call): object {
    const { items, rest } = some(this.state.targets, input, call);
    return {
      ...rest,
      ScalableTargets: items.map((target) => ({
        ServiceNamespace: target.namespace,
        ResourceId: target.resourceId,
        ScalableDimension: target.dimension,
        MinCapacity: target.minCapacity,
        MaxCapacity: target.maxCapacity,
        RoleARN: target.role,
        CreationTime: target.createdAt / 1_000,
        ScalableTargetARN: target.arn,
      })),
    };
  }

  private describePolicies(input: Input, call: Call): object {
    const { items, rest } = some(this.state.policies, input, call);
    return {
      ...rest,
      ScalingPolicies: items.map((policy) => ({
        PolicyARN: policy.arn,
        PolicyName: policy.name,
        PolicyType: policy.type,
        ServiceNamespace: policy.namespace,
        ResourceId: policy.resourceId,
        ScalableDimension: policy.dimension,
        CreationTime: policy.createdAt / 1_000,
      })),
    };
  }
}

/** IAM offers no resource for the reads. */
function read(name: string, members: readonly string[], handle: Operation['handle']): Operation {
  return {
    source: `${REFERENCE}${name}.html`,
    questions: () => [{ action: `application-autoscaling:${name}`, resource: '*' }],
    handle: (input, call) => {
      const modelled = ['ServiceNamespace', 'MaxResults', 'NextToken', ...members];
      refuseOthers(`application-autoscaling:${name}`, input, modelled);
      return handle(input, call);
    },
  };
}

type Scaled = Pick<ScalableTargetState, 'account' | 'region' | 'namespace' | 'resourceId'>;

/** One page of what belongs to the caller, of the namespace and the resources that were asked for. */
function some<T extends Scaled>(
  all: readonly T[],
  input: Input,
  call: Call,
): { readonly items: readonly T[]; readonly rest: object } {
  const namespace = stringOf(input, 'ServiceNamespace');
  const ids = input.ResourceIds === undefined ? undefined : stringsOf(input, 'ResourceIds');
  const matching = all.filter(
    (each) =>
      isAt(each, call) &&
      each.namespace === namespace &&
      (ids?.includes(each.resourceId) ?? true) &&
      (input.ResourceId === undefined || input.ResourceId === each.resourceId),
  );
  const asked = { maxResults: input.MaxResults, nextToken: input.NextToken };
  const { items, nextToken } = page(asked, matching, PAGE);
  return { items, rest: nextToken === undefined ? {} : { NextToken: nextToken } };
}
