import type { Resource, Value } from '../artefacts';
import { follow } from '../flow/capacity/template-index';
import { list, record, Unreadable } from '../flow/capacity/template-values';
import type { Fault } from '../../contract';
import { isShifting } from './spec';
import type { TemplateService } from './template';

const GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

/** A rule, and the listener that it belongs to. */
export interface RuleOfListener {
  readonly rule: Resource;
  readonly listener: Resource;
}

/** What ECS moves traffic with. */
export interface TrafficSwitch {
  readonly primary: Resource;
  readonly alternate: Resource;
  readonly production: RuleOfListener;
  readonly test: RuleOfListener;
  readonly role: Resource;
  /** Of the listener for clients. */
  readonly balancer: Resource;
}

export type ReadSwitch = { readonly found: TrafficSwitch } | { readonly fault: Fault };

/**
 * What a service that shifts traffic names for it; undefined for one that does not.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-advancedconfiguration.html
 */
export function switchOf({ spec, service, index }: TemplateService): ReadSwitch | undefined {
  if (!isShifting(spec.update)) return undefined;
  const [entry] = list(service.properties.LoadBalancers).map(record);
  const advanced = record(entry?.AdvancedConfiguration);
  const to = (from: Resource, value: Value | undefined, type: string) => follow(index, from, value, type);
  const ruleOf = (value: Value | undefined): RuleOfListener => {
    const rule = to(service, value, RULE);
    return { rule, listener: to(rule, rule.properties.ListenerArn, LISTENER) };
  };
  return orFault(() => {
    const production = ruleOf(advanced.ProductionListenerRule);
    return {
      primary: to(service, entry?.TargetGroupArn, GROUP),
      alternate: to(service, advanced.AlternateTargetGroupArn, GROUP),
      production,
      test: ruleOf(advanced.TestListenerRule),
      role: to(service, advanced.RoleArn, 'AWS::IAM::Role'),
      balancer: to(production.listener, production.listener.properties.LoadBalancerArn, BALANCER),
    };
  });
}

/** Every group that the tasks of a service are registered in; none where the template does not tell. */
export function groupsOf(one: TemplateService): readonly Resource[] {
  const read = switchOf(one);
  if (read) return 'found' in read ? [read.found.primary, read.found.alternate] : [];
  return list(one.service.properties.LoadBalancers).flatMap(
    (entry) => one.index.find(one.service, record(entry).TargetGroupArn, GROUP) ?? [],
  );
}

/** The balancer in front of a service, and its listeners with the groups that they lead to by default. */
export function listenersOf(one: TemplateService): readonly Resource[] {
  const { index, service } = one;
  const groups = groupsOf(one);
  return index
    .all(service, LISTENER)
    .filter(({ properties }) =>
      groups.some((group) => targetsOf(properties.DefaultActions).some((it) => refers(it.group, group))),
    );
}

/** The balancer of a listener. */
export const balancerOf = ({ index }: TemplateService, listener: Resource): Resource | undefined =>
  index.find(listener, listener.properties.LoadBalancerArn, BALANCER);

/** Other rules of a listener, which take requests before, or after, one of them. */
export const rulesBeside = ({ index }: TemplateService, { rule, listener }: RuleOfListener) =>
  index
    .all(rule, RULE)
    .filter(
      (other) =>
        other.logicalId !== rule.logicalId &&
        index.refersTo(other.properties.ListenerArn, listener.logicalId),
    );

/** A group that an action forwards to. */
interface WeightedGroup {
  readonly group: Value | undefined;
  readonly weight: number;
}

/** Where actions lead; an action that is no forward leads to a group that nobody knows. */
export function targetsOf(actions: Value | undefined): readonly WeightedGroup[] {
  return list(actions)
    .map(record)
    .flatMap(({ Type, TargetGroupArn, ForwardConfig }): WeightedGroup[] => {
      if (Type !== 'forward') return [{ group: undefined, weight: 1 }];
      const weighted = list(record(ForwardConfig).TargetGroups).map(record);
      if (weighted.length === 0) return [{ group: TargetGroupArn, weight: 1 }];
      return weighted.map(({ TargetGroupArn: group, Weight }) => ({ group, weight: Number(Weight ?? 1) }));
    });
}

export const refers = (value: Value | undefined, { logicalId }: Resource): boolean =>
  String(value) === `<Ref ${logicalId}>`;

function orFault(read: () => TrafficSwitch): ReadSwitch {
  try {
    return { found: read() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const allowed = error.fault.allowed.replace(/: otherwise.*$/, '');
    return {
      fault: {
        ...error.fault,
        allowed: `${allowed}, by which ECS moves the traffic`,
        change: 'name two target groups, a rule for clients and one for tests, and the role for them',
      },
    };
  }
}
