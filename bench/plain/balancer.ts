import { Duration, type Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  HttpCodeTarget,
  type IApplicationLoadBalancerTarget,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { PlainNetworkStack } from './account-stacks';
import { CIDR } from './settings';

export interface BalancerProps {
  readonly network: PlainNetworkStack;
  readonly target: IApplicationLoadBalancerTarget;
  readonly taskSecurityGroup: SecurityGroup;
  readonly port: number;
  readonly healthPath: string;
  readonly alarmPrefix: string;
}

/** An internal load balancer in front of the tasks, and the two alarms of its target group. */
export function balancer(
  stack: Stack,
  { network, target, taskSecurityGroup, port, healthPath, alarmPrefix }: BalancerProps,
): {
  readonly url: string;
  readonly securityGroup: SecurityGroup;
  readonly alarms: readonly Alarm[];
  readonly alarmNames: string[];
} {
  const { vpc } = network;
  const securityGroup = new SecurityGroup(stack, 'BalancerSecurityGroup', {
    vpc,
    description: 'Clients in, tasks out',
    allowAllOutbound: false,
  });
  securityGroup.addIngressRule(Peer.ipv4(CIDR), Port.tcp(80), 'Clients');
  securityGroup.addEgressRule(taskSecurityGroup, Port.tcp(port), 'Tasks');
  taskSecurityGroup.addIngressRule(securityGroup, Port.tcp(port), 'Load balancer');
  const alb = new ApplicationLoadBalancer(stack, 'Alb', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    internetFacing: false,
    securityGroup,
    dropInvalidHeaderFields: true,
  });
  alb.logAccessLogs(network.accessLogs, alarmPrefix);
  const targets = new ApplicationTargetGroup(stack, 'Targets', {
    vpc,
    port,
    protocol: ApplicationProtocol.HTTP,
    targets: [target],
    deregistrationDelay: Duration.seconds(60),
    healthCheck: {
      path: healthPath,
      interval: Duration.seconds(15),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
    },
  });
  alb.addListener('Listener', {
    port: 80,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultTargetGroups: [targets],
  });
  const alarmNames = [`${alarmPrefix}-server-errors`, `${alarmPrefix}-unhealthy-targets`];
  const alarms = [
    new Alarm(stack, 'ServerErrors', {
      alarmName: alarmNames[0],
      alarmDescription: 'Tasks answer with 5xx',
      metric: targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, {
        period: Duration.minutes(1),
      }),
      threshold: 10,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    new Alarm(stack, 'UnhealthyTargets', {
      alarmName: alarmNames[1],
      alarmDescription: 'Tasks fail the health check of the load balancer',
      metric: targets.metrics.unhealthyHostCount({ period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: 1,
      evaluationPeriods: 6,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  ];
  return { url: `http://${alb.loadBalancerDnsName}`, securityGroup, alarms, alarmNames };
}
