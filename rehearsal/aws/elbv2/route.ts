import type { Elbv2State, ListenerState, LoadBalancerState, RuleState, Share, TargetState } from './state';
import { healthOf } from './target-health';

/** A request on its way to a target. */
export interface Request {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Where a request ends: at a target, at the balancer itself, or nowhere. */
export type Route =
  | { readonly kind: 'target'; readonly target: TargetState }
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The way of a request: listener, rule, target group by weight, target. Security groups are not modelled.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
export function routeOf(state: Elbv2State, request: Request): Route {
  const host = request.host.toLowerCase();
  const balancer = state.loadBalancers.find(({ dnsName }) => dnsName.toLowerCase() === host);
  if (!balancer) return { kind: 'refused', reason: `getaddrinfo ENOTFOUND ${host}` };
  const listener = listenerOf(state, balancer, request.port);
  if (!listener) return { kind: 'refused', reason: `connect ETIMEDOUT ${host}:${request.port}` };
  const turn = (state.requests * 37) % 100;
  state.requests += 1;
  const group = chosen(sharesOf(state, listener, request.path), turn);
  return toTarget(state, group, request.at);
}

const listenerOf = (state: Elbv2State, { arn }: LoadBalancerState, port: number): ListenerState | undefined =>
  state.listeners.find((each) => each.loadBalancer === arn && each.port === port);

/** The rule with the lowest number that matches, else the default action. */
function sharesOf(state: Elbv2State, listener: ListenerState, path: string): readonly Share[] {
  const [rule] = rulesOf(state, listener.arn).filter(({ paths }) => paths.some((each) => fits(each, path)));
  return rule?.shares ?? listener.targetGroups.map((group) => ({ group, weight: 1 }));
}

export const rulesOf = ({ rules }: Elbv2State, listener: string): readonly RuleState[] =>
  rules.filter((each) => each.listener === listener).sort((one, other) => one.priority - other.priority);

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
function fits(pattern: string, path: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(path);
}

/** @param turn 0 to 99, each once in a hundred requests */
function chosen(shares: readonly Share[], turn: number): string | undefined {
  const whole = shares.reduce((sum, { weight }) => sum + weight, 0);
  let left = (turn / 100) * whole;
  return shares.find(({ weight }) => (left -= weight) < 0)?.group;
}

/**
 * A healthy target; where none is, any that is registered.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
function toTarget(state: Elbv2State, arn: string | undefined, at: number): Route {
  const group = state.targetGroups.find((each) => each.arn === arn);
  if (!group) return { kind: 'answered', status: 503 };
  const targets = state.targets.filter((each) => each.group === arn);
  const of = (...wanted: readonly string[]) =>
    targets.filter((target) => wanted.includes(healthOf(group, target, at) ?? ''));
  const [target] = [...of('healthy'), ...of('unhealthy', 'initial')];
  return target ? { kind: 'target', target } : { kind: 'answered', status: 503 };
}
