import type { VirtualClock } from '../clock/virtual-clock';
import type { HookFunctions, ListenerRules } from './ecs';
import type { Elbv2Service } from './elbv2';
import { type IamService, trustsService } from './iam';
import type { LambdaService } from './lambda';
import type { Question } from './service';

/** What ECS does with roles that it takes up: they must trust it, and their policies decide. */
interface Neighbours {
  readonly clock: VirtualClock;
  readonly iam: IamService;
}

const SERVICE = 'ecs.amazonaws.com';
/** Name of the session, as CloudTrail shows it. */
const SESSION = 'ecs-service-scheduler';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html */
export const listenerRules = (neighbours: Neighbours & { readonly elbv2: Elbv2Service }): ListenerRules => ({
  forward: ({ rule, role, service }, shares) => {
    const refused = refusal(neighbours, role, service, {
      action: 'elasticloadbalancing:ModifyRule',
      resource: rule,
    });
    if (refused !== undefined) return refused;
    if (!neighbours.elbv2.rule(rule)) return `there is no listener rule ${rule}`;
    neighbours.elbv2.forward(rule, shares);
    return undefined;
  },
});

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-permissions.html */
export const hookFunctions = (
  neighbours: Neighbours & { readonly lambda: LambdaService },
): HookFunctions => ({
  invoke: ({ functionArn, role, service }, event, now) => {
    const question = { action: 'lambda:InvokeFunction', resource: functionArn };
    const reason = refusal(neighbours, role, service, question);
    if (reason !== undefined) return { ok: false, reason, seconds: 0 };
    const found = neighbours.lambda.find(functionArn);
    if (!found) return { ok: false, reason: `Function not found: ${functionArn}`, seconds: 0 };
    return neighbours.lambda.run(found, event, now);
  },
});

/** Why ECS may not, if it may not. */
function refusal(
  { clock, iam }: Neighbours,
  role: string,
  service: string,
  question: Question,
): string | undefined {
  const stored = iam.role(role);
  if (!stored || !trustsService(stored, SERVICE, { 'aws:SourceArn': service })) {
    return `ECS is unable to assume the role ${role}`;
  }
  const [, , , region = ''] = question.resource.split(':');
  const ruling = iam.decide(iam.sessionOf(role, SESSION), question, { region, now: clock.now() });
  return ruling.allowed ? undefined : ruling.denial;
}
