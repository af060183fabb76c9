import type { LoadBalancer } from '@aws-sdk/client-ecs';
import type { Moment } from '../moment';
import type { DeploymentState, ServiceState } from '../state';
import type { ShiftProgress } from './progress';

export type Side = 'primary' | 'alternate';

/** The target group in which tasks of a revision are registered. */
export function groupOf(
  { sides }: ServiceState,
  revision: string,
  balancer: LoadBalancer,
): string | undefined {
  return groupAt(balancer, sides[revision] ?? 'primary');
}

function groupAt({ targetGroupArn, advancedConfiguration }: LoadBalancer, side: Side): string | undefined {
  return side === 'primary' ? targetGroupArn : advancedConfiguration?.alternateTargetGroupArn;
}

/** The side on which a new revision starts. A rolling update stays on that of the revision before. */
export function sideOfNew({ sides, strategy }: ServiceState, source: string | undefined): Side {
  const before = source === undefined ? undefined : (sides[source] ?? 'primary');
  if (before === undefined) return 'primary';
  if (strategy.kind === 'ROLLING') return before;
  return before === 'primary' ? 'alternate' : 'primary';
}

type Listener = 'production' | 'test';

/**
 * Gives the new revision so many percent of the traffic of a listener, and the one before the rest.
 *
 * @returns why it could not
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export function giveTraffic(
  moment: Moment,
  service: ServiceState,
  { revision }: DeploymentState,
  shift: ShiftProgress,
  listener: Listener,
  percent: number,
): string | undefined {
  for (const balancer of service.loadBalancers) {
    const { advancedConfiguration: { productionListenerRule, testListenerRule, roleArn = '' } = {} } =
      balancer;
    const rule = listener === 'production' ? productionListenerRule : testListenerRule;
    if (rule === undefined) continue;
    const isPrimary = service.sides[revision] !== 'alternate';
    const shares = [
      { group: groupAt(balancer, 'primary') ?? '', weight: isPrimary ? percent : 100 - percent },
      { group: groupAt(balancer, 'alternate') ?? '', weight: isPrimary ? 100 - percent : percent },
    ];
    const refused = moment.ports.rules.forward({ rule, role: roleArn, service: service.arn }, shares);
    if (refused !== undefined) return refused;
  }
  shift[listener] = percent;
  return undefined;
}
