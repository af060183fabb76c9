import type { TargetEntry } from '../../../contract';
import type { LoadBalancer } from '@aws-sdk/client-ecs';
import type { Share } from '../../aws/elbv2';
import type { FinalState } from '../../scenarios/scenario';
import type { Label, LabelOf, Resting, TargetScene } from '../target-rehearsal';
import { shiftsTraffic } from './update';
import { viewOf } from './view';

/** Whose tasks the listeners lead to, such as `10 % new, 90 % earlier`. */
export function trafficFacts(scene: TargetScene, labelOf: LabelOf): FinalState {
  const [balancer] = viewOf(scene).service.loadBalancers;
  const { productionListenerRule, testListenerRule } = balancer?.advancedConfiguration ?? {};
  const said = (rule: string | undefined): string => say(sharesOf(scene, rule, balancer), scene, labelOf);
  return {
    traffic: said(productionListenerRule),
    ...(testListenerRule !== undefined && { 'test traffic': said(testListenerRule) }),
  };
}

/** Both listeners lead to what runs. */
export function trafficAtRest(target: TargetEntry, label: Resting): FinalState {
  const all = label === 'nothing' ? label : `100 % ${label}`;
  return { traffic: all, ...(shiftsTraffic(target) && { 'test traffic': all }) };
}

/** Without a rule of its own, a listener leads to the one target group. */
function sharesOf(
  { world }: TargetScene,
  rule: string | undefined,
  balancer: LoadBalancer | undefined,
): readonly Share[] {
  if (rule !== undefined) return world.elbv2.rule(rule)?.shares ?? [];
  return [{ group: balancer?.targetGroupArn ?? '', weight: 100 }];
}

function say(shares: readonly Share[], scene: TargetScene, labelOf: LabelOf): string {
  const whole = shares.reduce((sum, { weight }) => sum + weight, 0);
  const parts = new Map<Label, number>();
  for (const { group, weight } of shares.filter((share) => share.weight > 0)) {
    const label = labelIn(group, scene, labelOf);
    parts.set(label, (parts.get(label) ?? 0) + (weight / whole) * 100);
  }
  const [first, ...others] = [...parts].sort(([one], [other]) => other.localeCompare(one));
  if (!first || (first[0] === 'nothing' && others.length === 0)) return 'nothing';
  return [first, ...others].map(([label, percent]) => `${Math.round(percent)} % ${label}`).join(', ');
}

/** What the running tasks in a target group are. */
function labelIn(group: string, scene: TargetScene, labelOf: LabelOf): Label {
  const tasks = viewOf(scene).tasks.filter(
    ({ status, targets }) => status === 'RUNNING' && targets.some((target) => target.group === group),
  );
  const [label = 'nothing', ...others] = new Set(tasks.map(({ image }) => labelOf(image)));
  return others.length > 0 ? 'mixed' : label;
}
