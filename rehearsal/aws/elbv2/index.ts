import * as schemas from '@aws-sdk/client-elastic-load-balancing-v2';
import type { VirtualClock } from '../../clock/virtual-clock';
import type { Target, TargetGroups, TargetHealth } from '../ecs';
import type { AwsService, Operation } from '../service';
import { makeListener, makeLoadBalancer, makeRule, makeTargetGroup } from './make';
import { elbv2Operations } from './operations';
import { type Request, type Route, routeOf } from './route';
import { type Elbv2State, emptyState, type RuleState, type Share, type TargetState } from './state';
import { healthOf } from './target-health';

export type { Share } from './state';

/**
 * Load balancers, their listeners, rules and target groups. Health of targets follows the checks of their group; the
 * only traffic are the requests of functions.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html
 */
export class Elbv2Service implements AwsService, TargetGroups {
  readonly signingName = 'elasticloadbalancing';
  readonly protocol = 'query';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>> = elbv2Operations(() => this.state);
  readonly makes: AwsService['makes'] = {
    'AWS::ElasticLoadBalancingV2::LoadBalancer': (resource) => makeLoadBalancer(this.state, resource),
    'AWS::ElasticLoadBalancingV2::TargetGroup': (resource) => makeTargetGroup(this.state, resource),
    'AWS::ElasticLoadBalancingV2::Listener': (resource) => makeListener(this.state, resource),
    'AWS::ElasticLoadBalancingV2::ListenerRule': (resource) => makeRule(this.state, resource),
  };
  state: Elbv2State = emptyState();
  private readonly clock: VirtualClock;

  constructor({ clock }: { readonly clock: VirtualClock }) {
    this.clock = clock;
  }

  register(group: string, { id, port }: Target, answersFrom: number | undefined): void {
    const registeredAt = this.clock.now();
    const answers = answersFrom === undefined ? {} : { answersFrom };
    this.forgetDrained();
    this.state.targets.push({ group, id, port, registeredAt, ...answers });
  }

  deregister(group: string, target: Target): void {
    const found = this.find(group, target);
    if (found) found.deregisteredAt ??= this.clock.now();
  }

  health(group: string, target: Target): TargetHealth | undefined {
    const found = this.find(group, target);
    return found && this.healthNow(found);
  }

  /** Undefined where no template makes it. */
  rule(arn: string): RuleState | undefined {
    return this.state.rules.find((each) => each.arn === arn);
  }

  /** @throws Error for a rule that no template makes */
  forward(arn: string, shares: readonly Share[]): void {
    const rule = this.rule(arn);
    if (!rule) throw new Error(`no template makes the listener rule ${arn}`);
    rule.shares = shares;
  }

  route(request: Request): Route {
    return routeOf(this.state, request);
  }

  /** Nothing: targets belong to tasks, which ECS accounts for. */
  leftovers(): readonly string[] {
    return [];
  }

  private find(group: string, { id, port }: Target): TargetState | undefined {
    return this.state.targets.find((each) => each.group === group && each.id === id && each.port === port);
  }

  private healthNow(target: TargetState): TargetHealth | undefined {
    const group = this.state.targetGroups.find(({ arn }) => arn === target.group);
    return group && healthOf(group, target, this.clock.now());
  }

  private forgetDrained(): void {
    this.state.targets = this.state.targets.filter((target) => this.healthNow(target) !== undefined);
  }
}
