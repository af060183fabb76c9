import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ALARM, NAME } from '../../ecs-template';
import type { ContractRow } from '../row';

export const ELBV2: readonly ContractRow[] = [
  {
    operation: 'DescribeLoadBalancers',
    call: ({ elbv2 }) => elbv2.send(new DescribeLoadBalancersCommand({})),
    answer: { LoadBalancers: [{ Scheme: 'internal', Type: 'application' }] },
  },
  {
    operation: 'DescribeTargetGroups',
    call: ({ elbv2 }) => elbv2.send(new DescribeTargetGroupsCommand({})),
    answer: { TargetGroups: [{ Port: 8080, LoadBalancerArns: [expect.any(String) as unknown] }] },
  },
  {
    operation: 'DescribeListeners',
    call: ({ elbv2 }) => elbv2.send(new DescribeListenersCommand({})),
    answer: { Listeners: [{ DefaultActions: [{ Type: 'forward' }] }] },
  },
  {
    operation: 'DescribeRules',
    call: async ({ elbv2 }) => {
      const { Listeners = [] } = await elbv2.send(new DescribeListenersCommand({}));
      return elbv2.send(new DescribeRulesCommand({ ListenerArn: Listeners[0]?.ListenerArn }));
    },
    answer: {
      Rules: [
        { Priority: '1', Actions: [{ ForwardConfig: { TargetGroups: [{ Weight: 100 }, { Weight: 0 }] } }] },
      ],
    },
  },
  {
    operation: 'DescribeTargetHealth',
    call: async ({ elbv2 }) => {
      const { TargetGroups = [] } = await elbv2.send(new DescribeTargetGroupsCommand({}));
      return elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn: TargetGroups[0]?.TargetGroupArn }));
    },
    answer: { TargetHealthDescriptions: expect.any(Array) as unknown },
  },
];

export const CLOUDWATCH: readonly ContractRow[] = [
  {
    operation: 'DescribeAlarms',
    call: ({ cloudwatch }) => cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] })),
    answer: { MetricAlarms: [{ StateValue: 'OK', StateUpdatedTimestamp: expect.any(Date) as unknown }] },
  },
];

const ResourceId = `service/${NAME.cluster}/${NAME.service}`;
export const AUTOSCALING: readonly ContractRow[] = [
  {
    operation: 'DescribeScalableTargets',
    call: ({ autoscaling }) =>
      autoscaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [ResourceId] }),
      ),
    answer: { ScalableTargets: [{ MinCapacity: 2, CreationTime: expect.any(Date) as unknown }] },
  },
  {
    operation: 'DescribeScalingPolicies',
    call: ({ autoscaling }) =>
      autoscaling.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs', ResourceId })),
    answer: { ScalingPolicies: [{ PolicyName: 'cpu' }] },
  },
];
