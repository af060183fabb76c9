import { z } from 'zod';
import { readProperties } from '../resource-properties';
import type { Made, TemplateResource } from '../service';
import type { Elbv2State } from './state';

/** Longest name that Elastic Load Balancing allows. */
const NAME_LENGTH = 32;

const count = z.coerce.number().int().min(0);

const loadBalancerSchema = z.looseObject({
  Name: z.string().optional(),
  Type: z.enum(['application', 'network']).default('application'),
  Scheme: z.enum(['internal', 'internet-facing']).default('internet-facing'),
});

const targetGroupSchema = z.looseObject({
  Name: z.string().optional(),
  Protocol: z.string().optional(),
  Port: count.optional(),
  TargetType: z.string().default('instance'),
  HealthCheckPath: z.string().optional(),
  // Defaults of an Application Load Balancer.
  HealthCheckIntervalSeconds: count.default(30),
  HealthyThresholdCount: count.default(5),
  UnhealthyThresholdCount: count.default(2),
  TargetGroupAttributes: z.array(z.looseObject({ Key: z.string(), Value: z.string() })).default([]),
});

/** A listener that does something else than to forward would send no request to a task. */
const listenerSchema = z.looseObject({
  LoadBalancerArn: z.string(),
  Port: count.optional(),
  Protocol: z.string().optional(),
  DefaultActions: z.array(z.looseObject({ Type: z.string(), TargetGroupArn: z.string().optional() })),
});

const ruleSchema = z.strictObject({
  ListenerArn: z.string(),
  Priority: z.coerce.number().int().min(1).max(50_000),
  /** Other conditions than paths are not modelled. */
  Conditions: z
    .array(
      z.strictObject({
        Field: z.literal('path-pattern'),
        PathPatternConfig: z.strictObject({ Values: z.array(z.string()).min(1) }).optional(),
        Values: z.array(z.string()).optional(),
      }),
    )
    .length(1),
  Actions: z
    .array(
      z.looseObject({
        Type: z.literal('forward'),
        TargetGroupArn: z.string().optional(),
        ForwardConfig: z
          .strictObject({
            TargetGroups: z.array(
              z.strictObject({ TargetGroupArn: z.string(), Weight: count.max(999).default(1) }),
            ),
          })
          .optional(),
      }),
    )
    .length(1),
});

const hexId = (state: Elbv2State): string => {
  state.lastId += 1;
  return state.lastId.toString(16).padStart(16, '0');
};

const nameOf = (given: string | undefined, { stack, logicalId }: TemplateResource): string =>
  given ?? `${stack}-${logicalId}`.slice(0, NAME_LENGTH);

const arnOf = ({ account, region }: TemplateResource, resource: string): string =>
  `arn:aws:elasticloadbalancing:${region}:${account}:${resource}`;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-loadbalancer.html */
export function makeLoadBalancer(state: Elbv2State, resource: TemplateResource): Made {
  const { Name, Type: type, Scheme: scheme } = readProperties(resource, loadBalancerSchema);
  const { account, region } = resource;
  const name = nameOf(Name, resource);
  const fullName = `${type === 'application' ? 'app' : 'net'}/${name}/${hexId(state)}`;
  const arn = arnOf(resource, `loadbalancer/${fullName}`);
  const prefix = scheme === 'internal' ? 'internal-' : '';
  const dnsName = `${prefix}${name}-${state.lastId}.${region}.elb.amazonaws.com`;
  state.loadBalancers.push({ account, region, arn, name, type, scheme, dnsName });
  return {
    ref: arn,
    attributes: {
      DNSName: dnsName,
      CanonicalHostedZoneID: 'Z00000000000000000000',
      LoadBalancerArn: arn,
      LoadBalancerFullName: fullName,
      LoadBalancerName: name,
    },
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html */
export function makeTargetGroup(state: Elbv2State, resource: TemplateResource): Made {
  const read = readProperties(resource, targetGroupSchema);
  const { account, region } = resource;
  const name = nameOf(read.Name, resource);
  const fullName = `targetgroup/${name}/${hexId(state)}`;
  const arn = arnOf(resource, fullName);
  const delay = read.TargetGroupAttributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds');
  state.targetGroups.push({
    account,
    region,
    arn,
    name,
    targetType: read.TargetType,
    ...(read.Protocol === undefined ? {} : { protocol: read.Protocol }),
    ...(read.Port === undefined ? {} : { port: read.Port }),
    ...(read.HealthCheckPath === undefined ? {} : { healthCheckPath: read.HealthCheckPath }),
    healthCheck: {
      interval: read.HealthCheckIntervalSeconds,
      healthyThreshold: read.HealthyThresholdCount,
      unhealthyThreshold: read.UnhealthyThresholdCount,
    },
    deregistrationDelay: Number(delay?.Value ?? 300),
  });
  return {
    ref: arn,
    attributes: { TargetGroupArn: arn, TargetGroupFullName: fullName, TargetGroupName: name },
  };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listener.html */
export function makeListener(state: Elbv2State, resource: TemplateResource): Made {
  const read = readProperties(resource, listenerSchema);
  const { account, region } = resource;
  const arn = `${read.LoadBalancerArn.replace(':loadbalancer/', ':listener/')}/${hexId(state)}`;
  state.listeners.push({
    account,
    region,
    arn,
    loadBalancer: read.LoadBalancerArn,
    ...(read.Port === undefined ? {} : { port: read.Port }),
    ...(read.Protocol === undefined ? {} : { protocol: read.Protocol }),
    targetGroups: read.DefaultActions.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []),
  });
  return { ref: arn, attributes: { ListenerArn: arn } };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-listenerrule.html */
export function makeRule(state: Elbv2State, resource: TemplateResource): Made {
  const {
    ListenerArn: listener,
    Priority: priority,
    Conditions,
    Actions,
  } = readProperties(resource, ruleSchema);
  const { account, region } = resource;
  const arn = `${listener.replace(':listener/', ':listener-rule/')}/${hexId(state)}`;
  const shares = Actions.flatMap(({ TargetGroupArn, ForwardConfig }) => {
    const groups = ForwardConfig?.TargetGroups.map((each) => ({
      group: each.TargetGroupArn,
      weight: each.Weight,
    }));
    return groups ?? (TargetGroupArn === undefined ? [] : [{ group: TargetGroupArn, weight: 1 }]);
  });
  const paths = Conditions.flatMap((each) => each.PathPatternConfig?.Values ?? each.Values ?? []);
  state.rules.push({ account, region, arn, listener, priority, paths, shares });
  return { ref: arn, attributes: { RuleArn: arn, IsDefault: 'false' } };
}
