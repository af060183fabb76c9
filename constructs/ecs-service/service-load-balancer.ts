import { Duration, Validations } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { BaseService } from 'aws-cdk-lib/aws-ecs';
import { type IVpc, Peer, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerCertificate,
  SslPolicy,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ServiceContainer } from './props';
import { serviceAlarms } from './service-alarms';
import { TrafficShift } from './traffic-shift';

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
  readonly service: BaseService;
  readonly container: ServiceContainer;
  /** Whether ECS moves traffic between two groups of tasks, and a test listener leads to the new ones. */
  readonly shiftsTraffic: boolean;
  /** Public addresses of the NAT gateways of the private subnets. */
  readonly natAddresses: readonly string[];
  /** First part of the alarms' names, by which a diagnosis calls them. */
  readonly alarmPrefix: string;
}

/** Load balancer in front of a service, and the alarms that fail a deployment. */
export class ServiceLoadBalancer extends Construct {
  readonly url: string;
  /** Address of the tasks that are tried before clients reach them. */
  readonly testUrl?: string;
  /** Errors and unhealthy targets. A deployment that raises one of them is rolled back by ECS. */
  readonly alarms: readonly IAlarm[];
  readonly secure: boolean;
  private readonly balancer: ApplicationLoadBalancer;
  private readonly securityGroup: SecurityGroup;
  private readonly ports: Ports;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceLoadBalancerProps,
  ) {
    super(scope, id);
    this.secure = props.scheme.certificateArn !== undefined;
    this.ports = this.secure ? { production: 443, test: 8443 } : { production: 80, test: 8080 };
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Load balancer: clients in, tasks out',
      allowAllOutbound: false,
    });
    this.balancer = this.loadBalancer();
    this.url = `${this.secure ? 'https' : 'http'}://${this.balancer.loadBalancerDnsName}`;
    const primary = this.targetGroup('Targets');
    const production = this.listener('Listener', this.ports.production, primary);
    this.admitClients();
    if (props.shiftsTraffic) {
      const alternate = this.targetGroup('AlternateTargets');
      const test = this.listener('TestListener', this.ports.test, primary);
      this.securityGroup.addIngressRule(Peer.ipv4(props.vpcCidr), Port.tcp(this.ports.test), 'Tests');
      this.testUrl = `${this.url}:${this.ports.test}`;
      this.serve(primary, new TrafficShift(this, 'TrafficShift', { production, test, primary, alternate }));
      this.alarms = serviceAlarms(this, props.alarmPrefix, { primary, alternate });
    } else {
      this.serve(primary);
      this.alarms = serviceAlarms(this, props.alarmPrefix, { primary });
    }
  }

  /** Lets a client in the private subnets ask both listeners. */
  admit(client: SecurityGroup): void {
    const { scheme, natAddresses } = this.props;
    const ports = this.testUrl === undefined ? [this.ports.production] : Object.values(this.ports);
    for (const port of ports.map((number) => Port.tcp(number))) {
      if (scheme.scheme === 'internal') {
        client.addEgressRule(this.securityGroup, port, 'Load balancer');
        this.securityGroup.addIngressRule(client, port, 'Verification');
      } else {
        // The name of the balancer stands for public addresses, which are reached through the NAT gateways.
        client.addEgressRule(Peer.anyIpv4(), port, 'Load balancer');
      }
    }
    if (scheme.scheme === 'internal' || this.testUrl === undefined) return;
    for (const address of natAddresses) {
      this.securityGroup.addIngressRule(
        Peer.ipv4(`${address}/32`),
        Port.tcp(this.ports.test),
        'Verification through a NAT gateway',
      );
    }
  }

  private admitClients(): void {
    const internetFacing = this.props.scheme.scheme === 'internetFacing';
    const clients = internetFacing ? Peer.anyIpv4() : Peer.ipv4(this.props.vpcCidr);
    this.securityGroup.addIngressRule(clients, Port.tcp(this.ports.production), 'Clients');
    if (!internetFacing) return;
    Validations.of(this.securityGroup).acknowledge({
      id: 'AwsSolutions-EC23',
      reason: 'The platform file says that clients come from the internet; they reach one port, and no task',
    });
  }

  private loadBalancer(): ApplicationLoadBalancer {
    const { vpc, scheme, accessLogs } = this.props;
    const internetFacing = scheme.scheme === 'internetFacing';
    const balancer = new ApplicationLoadBalancer(this, 'Alb', {
      vpc,
      internetFacing,
      vpcSubnets: { subnetType: internetFacing ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS },
      securityGroup: this.securityGroup,
      dropInvalidHeaderFields: true,
    });
    balancer.logAccessLogs(accessLogs, this.node.addr);
    return balancer;
  }

  private targetGroup(id: string): ApplicationTargetGroup {
    const { vpc, container } = this.props;
    return new ApplicationTargetGroup(this, id, {
      vpc,
      port: container.port,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      deregistrationDelay: Duration.seconds(60),
      healthCheck: {
        path: container.health.path,
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
  }

  private listener(id: string, port: number, targets: ApplicationTargetGroup): ApplicationListener {
    const { certificateArn } = this.props.scheme;
    return this.balancer.addListener(id, {
      port,
      protocol: certificateArn === undefined ? ApplicationProtocol.HTTP : ApplicationProtocol.HTTPS,
      ...(certificateArn !== undefined && {
        certificates: [ListenerCertificate.fromArn(certificateArn)],
        sslPolicy: SslPolicy.RECOMMENDED_TLS,
      }),
      open: false,
      defaultTargetGroups: [targets],
    });
  }

  /** It also lets the load balancer reach the tasks, and nothing else. */
  private serve(targets: ApplicationTargetGroup, shift?: TrafficShift): void {
    const { service, container } = this.props;
    targets.addTarget(
      service.loadBalancerTarget({
        containerName: container.name,
        containerPort: container.port,
        ...(shift && { alternateTarget: shift.target }),
      }),
    );
  }
}

interface Ports {
  readonly production: number;
  readonly test: number;
}
