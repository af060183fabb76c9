import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  HttpCodeTarget,
  type IApplicationLoadBalancerTarget,
  ListenerCertificate,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface LoadBalancerScheme {
  /** `internal` is reached from the VPC only. */
  readonly scheme: 'internal' | 'internetFacing';
  /** Certificate for HTTPS. @default - HTTP */
  readonly certificateArn?: string;
}

export interface ServiceLoadBalancerProps {
  readonly vpc: IVpc;
  readonly vpcCidr: string;
  readonly accessLogs: IBucket;
  readonly scheme: LoadBalancerScheme;
  readonly target: IApplicationLoadBalancerTarget;
  readonly taskSecurityGroup: ISecurityGroup;
  /** Port of the tasks. */
  readonly port: number;
  readonly healthPath: string;
  /** First part of the alarms' names, by which a diagnosis calls them. */
  readonly alarmPrefix: string;
}

/** Load balancer in front of a service, and the alarms that fail a deployment. */
export class ServiceLoadBalancer extends Construct {
  readonly url: string;
  /** Errors and unhealthy targets. A deployment that raises one of them is rolled back by ECS. */
  readonly alarms: readonly IAlarm[];
  readonly alarmNames: readonly string[];

  constructor(scope: Construct, id: string, props: ServiceLoadBalancerProps) {
    super(scope, id);
    const { scheme, certificateArn } = props.scheme;
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Load balancer: clients in, tasks out',
      allowAllOutbound: false,
    });
    const balancer = new ApplicationLoadBalancer(this, 'Alb', {
      vpc: props.vpc,
      internetFacing: scheme === 'internetFacing',
      vpcSubnets: {
        subnetType: scheme === 'internetFacing' ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS,
      },
      securityGroup,
      dropInvalidHeaderFields: true,
    });
    balancer.logAccessLogs(props.accessLogs, this.node.addr);
    const targets = new ApplicationTargetGroup(this, 'Targets', {
      vpc: props.vpc,
      port: props.port,
      protocol: ApplicationProtocol.HTTP,
      targets: [props.target],
      deregistrationDelay: Duration.seconds(60),
      healthCheck: {
        path: props.healthPath,
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
    const secure = certificateArn !== undefined;
    const port = Port.tcp(secure ? 443 : 80);
    balancer.addListener('Listener', {
      port: secure ? 443 : 80,
      protocol: secure ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP,
      ...(secure && {
        certificates: [ListenerCertificate.fromArn(certificateArn)],
        sslPolicy: SslPolicy.RECOMMENDED_TLS,
      }),
      open: false,
      defaultTargetGroups: [targets],
    });
    const clients = scheme === 'internetFacing' ? Peer.anyIpv4() : Peer.ipv4(props.vpcCidr);
    securityGroup.addIngressRule(clients, port, 'Clients');
    props.taskSecurityGroup.addIngressRule(securityGroup, Port.tcp(props.port), 'Load balancer');
    securityGroup.addEgressRule(props.taskSecurityGroup, Port.tcp(props.port), 'Tasks');
    this.url = `${secure ? 'https' : 'http'}://${balancer.loadBalancerDnsName}`;
    const serverErrors = `${props.alarmPrefix}-server-errors`;
    const unhealthyTargets = `${props.alarmPrefix}-unhealthy-targets`;
    this.alarmNames = [serverErrors, unhealthyTargets];
    this.alarms = [
      new Alarm(this, 'ServerErrors', {
        alarmName: serverErrors,
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
      new Alarm(this, 'UnhealthyTargets', {
        alarmName: unhealthyTargets,
        alarmDescription: 'Tasks fail the health check of the load balancer',
        metric: targets.metrics.unhealthyHostCount({ period: Duration.minutes(1), statistic: 'Maximum' }),
        threshold: 1,
        // Longer than a model takes to load, so that a normal start does not raise it.
        evaluationPeriods: 6,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    ];
  }
}
