import type { TargetHealth } from '../ecs';
import { refuseOthers } from '../modelled-members';
import { isAt, type Place } from '../place';
import { ApiFault, type Call, type Input, type Operation, page, stringOf, stringsOf } from '../service';
import type {
  Elbv2State,
  ListenerState,
  LoadBalancerState,
  RuleState,
  Share,
  TargetGroupState,
} from './state';
import { healthOf } from './target-health';

const REFERENCE = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_';
/** Largest page that AWS gives. */
const PAGE = 400;
const PAGED = ['PageSize', 'Marker'];

const REASONS: Readonly<Record<TargetHealth, { readonly Reason?: string; readonly Description?: string }>> = {
  healthy: {},
  initial: { Reason: 'Elb.RegistrationInProgress', Description: 'Target registration is in progress' },
  unhealthy: { Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' },
  draining: {
    Reason: 'Target.DeregistrationInProgress',
    Description: 'Target deregistration is in progress',
  },
};

type Handle = (state: Elbv2State, input: Input, call: Call) => object;

/** Reads only: what changes a load balancer is a matter of its stack. IAM knows no resource for them. */
export function elbv2Operations(stateNow: () => Elbv2State): Readonly<Record<string, Operation>> {
  const read = (name: string, members: readonly string[], handle: Handle): [string, Operation] => [
    name,
    {
      source: `${REFERENCE}${name}.html`,
      questions: () => [{ action: `elasticloadbalancing:${name}`, resource: '*' }],
      handle: (input, call) => {
        refuseOthers(`elasticloadbalancing:${name}`, input, members);
        return handle(stateNow(), input, call);
      },
    },
  ];
  return Object.fromEntries([
    read('DescribeLoadBalancers', ['LoadBalancerArns', 'Names', ...PAGED], describeLoadBalancers),
    read(
      'DescribeTargetGroups',
      ['LoadBalancerArn', 'TargetGroupArns', 'Names', ...PAGED],
      describeTargetGroups,
    ),
    read('DescribeListeners', ['LoadBalancerArn', 'ListenerArns', ...PAGED], describeListeners),
    read('DescribeRules', ['ListenerArn', 'RuleArns', ...PAGED], describeRules),
    read('DescribeTargetHealth', ['TargetGroupArn'], describeTargetHealth),
  ]);
}

/** Items of the caller's account and region whose name or ARN was asked for; all when nothing was. */
function wanted<T extends Place & { readonly arn: string }>(
  items: readonly T[],
  input: Input,
  call: Call,
  fields: { readonly arns: string; readonly names?: string; readonly nameOf?: (item: T) => string },
  missing: string,
): readonly T[] {
  const mine = items.filter((each) => isAt(each, call));
  const arns = input[fields.arns] === undefined ? undefined : stringsOf(input, fields.arns);
  const names =
    fields.names === undefined || input[fields.names] === undefined
      ? undefined
      : stringsOf(input, fields.names);
  const nameOf = fields.nameOf ?? (() => '');
  const lost =
    arns?.some((arn) => !mine.some((each) => each.arn === arn)) ??
    names?.some((name) => !mine.some((each) => nameOf(each) === name));
  if (lost) throw new ApiFault(missing, 'One or more of them were not found');
  return mine.filter((each) => (arns?.includes(each.arn) ?? true) && (names?.includes(nameOf(each)) ?? true));
}

/** Elastic Load Balancing calls the token of its pages a marker. */
function marked<T>(
  input: Input,
  items: readonly T[],
): { readonly items: readonly T[]; readonly rest: object } {
  const { items: some, nextToken } = page(
    { maxResults: input.PageSize, nextToken: input.Marker },
    items,
    PAGE,
  );
  return { items: some, rest: nextToken === undefined ? {} : { NextMarker: nextToken } };
}

function describeLoadBalancers(state: Elbv2State, input: Input, call: Call): object {
  const fields = { arns: 'LoadBalancerArns', names: 'Names', nameOf: ({ name }: LoadBalancerState) => name };
  const found = wanted(state.loadBalancers, input, call, fields, 'LoadBalancerNotFoundException');
  const { items, rest } = marked(input, found);
  return {
    ...rest,
    LoadBalancers: items.map(({ arn, name, dnsName, type, scheme }) => ({
      LoadBalancerArn: arn,
      LoadBalancerName: name,
      DNSName: dnsName,
      Type: type,
      Scheme: scheme,
      State: { Code: 'active' },
    })),
  };
}

function describeTargetGroups(state: Elbv2State, input: Input, call: Call): object {
  const fields = { arns: 'TargetGroupArns', names: 'Names', nameOf: ({ name }: TargetGroupState) => name };
  const found = wanted(state.targetGroups, input, call, fields, 'TargetGroupNotFoundException');
  const balancersOf = (group: string) =>
    state.listeners
      .filter(({ arn, targetGroups }) => targetGroups.includes(group) || isRuled(state, arn, group))
      .map((each) => each.loadBalancer);
  const of = input.LoadBalancerArn;
  const matching = found.filter(({ arn }) => typeof of !== 'string' || balancersOf(arn).includes(of));
  const { items, rest } = marked(input, matching);
  return {
    ...rest,
    TargetGroups: items.map((group) => ({
      TargetGroupArn: group.arn,
      TargetGroupName: group.name,
      Protocol: group.protocol,
      Port: group.port,
      TargetType: group.targetType,
      HealthCheckPath: group.healthCheckPath,
      HealthCheckIntervalSeconds: group.healthCheck.interval,
      HealthyThresholdCount: group.healthCheck.healthyThreshold,
      UnhealthyThresholdCount: group.healthCheck.unhealthyThreshold,
      LoadBalancerArns: [...new Set(balancersOf(group.arn))],
    })),
  };
}

/** True where a rule of the listener forwards to the group. */
const isRuled = ({ rules }: Elbv2State, listener: string, group: string): boolean =>
  rules.some((each) => each.listener === listener && each.shares.some((share) => share.group === group));

function describeListeners(state: Elbv2State, input: Input, call: Call): object {
  const fields = { arns: 'ListenerArns' };
  const found = wanted<ListenerState>(state.listeners, input, call, fields, 'ListenerNotFoundException');
  const of = input.LoadBalancerArn;
  const matching = found.filter(({ loadBalancer }) => of === undefined || loadBalancer === of);
  const { items, rest } = marked(input, matching);
  return {
    ...rest,
    Listeners: items.map(({ arn, loadBalancer, port, protocol, targetGroups }) => ({
      ListenerArn: arn,
      LoadBalancerArn: loadBalancer,
      Port: port,
      Protocol: protocol,
      DefaultActions: targetGroups.map((group) => ({ Type: 'forward', TargetGroupArn: group })),
    })),
  };
}

/** Rules of a listener but for its default action, which `DescribeListeners` tells. */
function describeRules(state: Elbv2State, input: Input, call: Call): object {
  const found = wanted<RuleState>(state.rules, input, call, { arns: 'RuleArns' }, 'RuleNotFoundException');
  const of = input.ListenerArn;
  const matching = found.filter(({ listener }) => of === undefined || listener === of);
  const { items, rest } = marked(input, matching);
  return {
    ...rest,
    Rules: items.map(({ arn, priority, paths, shares }) => ({
      RuleArn: arn,
      Priority: String(priority),
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: paths } }],
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: shares.map(describedShare) } }],
      IsDefault: false,
    })),
  };
}

const describedShare = ({ group, weight }: Share): object => ({ TargetGroupArn: group, Weight: weight });

function describeTargetHealth(state: Elbv2State, input: Input, call: Call): object {
  const arn = stringOf(input, 'TargetGroupArn');
  const group = state.targetGroups.find((each) => each.arn === arn && each.account === call.account);
  if (!group) throw new ApiFault('TargetGroupNotFoundException', `Target groups '${arn}' not found`);
  const targets = state.targets.filter((target) => target.group === arn);
  return {
    TargetHealthDescriptions: targets.flatMap((target) => {
      const health = healthOf(group, target, call.now);
      if (health === undefined) return [];
      return [
        {
          Target: { Id: target.id, Port: target.port },
          HealthCheckPort: String(target.port),
          TargetHealth: { State: health, ...REASONS[health] },
        },
      ];
    }),
  };
}
