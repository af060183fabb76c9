import { Validations } from 'aws-cdk-lib';
import { AlternateTarget, ListenerRuleConfiguration } from 'aws-cdk-lib/aws-ecs';
import {
  type ApplicationListener,
  ApplicationListenerRule,
  type ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface TrafficShiftProps {
  /** Listener of the clients. */
  readonly production: ApplicationListener;
  /** Listener that leads to the new tasks before clients are sent there. */
  readonly test: ApplicationListener;
  readonly primary: ApplicationTargetGroup;
  readonly alternate: ApplicationTargetGroup;
}

const POLICY = 'AmazonECSInfrastructureRolePolicyForLoadBalancers';

/**
 * What ECS needs to move traffic between two groups of tasks: a rule on each listener, and a role to change them with.
 * Each deployment swaps the groups; from the first one on, the weights are the affair of ECS.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
 */
export class TrafficShift extends Construct {
  readonly target: AlternateTarget;

  constructor(scope: Construct, id: string, props: TrafficShiftProps) {
    super(scope, id);
    const role = new Role(this, 'InfrastructureRole', {
      description: 'ECS moves traffic between the target groups of the service',
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(POLICY)],
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${POLICY}]`,
      reason: 'The policy that AWS keeps in step with what ECS calls; only ECS may assume the role',
    });
    this.target = new AlternateTarget('Alternate', {
      alternateTargetGroup: props.alternate,
      productionListener: ListenerRuleConfiguration.applicationListenerRule(
        this.rule('ProductionRule', props.production, props),
      ),
      testListener: ListenerRuleConfiguration.applicationListenerRule(
        this.rule('TestRule', props.test, props),
      ),
      role,
    });
  }

  /** It names both groups: ECS refuses a group that belongs to no load balancer. */
  private rule(id: string, listener: ApplicationListener, props: TrafficShiftProps): ApplicationListenerRule {
    return new ApplicationListenerRule(this, id, {
      listener,
      priority: 1,
      conditions: [ListenerCondition.pathPatterns(['/*'])],
      action: ListenerAction.weightedForward([
        { targetGroup: props.primary, weight: 100 },
        { targetGroup: props.alternate, weight: 0 },
      ]),
    });
  }
}
