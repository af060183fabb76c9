import type { Diagnosis } from '../../../contract';
import type { Evidence } from './evidence';

/** Causes of a deployment that both versions run side by side in, which a rolling update does not have. */
export function explainShift(evidence: Evidence): readonly Diagnosis[] {
  return [...badHooks(evidence), ...stuckTraffic(evidence)];
}

/** The hook has asked the new tasks by the test listener: clients were never sent to them. */
function badHooks({ deployment }: Evidence): readonly Diagnosis[] {
  if (!deployment || deployment.hooks.length === 0) return [];
  return [
    {
      source: `deployment ${deployment.id}`,
      cause: `${deployment.hooks.join(', ')}: the new tasks did not answer as they should by the test listener`,
      evidence: reasonOf(deployment.reason),
      remedy:
        'read the log of that function for the answer that it got; if the answer was good, correct `verification` of the workload',
    },
  ];
}

/**
 * ECS could not move the rules of a listener.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
function stuckTraffic({ deployment }: Evidence): readonly Diagnosis[] {
  if (!deployment?.twoFleets || deployment.status === 'SUCCESSFUL' || deployment.hooks.length > 0) return [];
  if (!/listener|target group|infrastructure role|elasticloadbalancing/i.test(deployment.reason ?? ''))
    return [];
  return [
    {
      source: `deployment ${deployment.id}`,
      cause: 'ECS could not move the traffic',
      evidence: reasonOf(deployment.reason),
      remedy:
        'deploy the stack: rules of both listeners must lead to the target groups of the service, and its infrastructure role must be allowed to change them',
    },
  ];
}

const reasonOf = (reason: string | undefined): readonly string[] => (reason === undefined ? [] : [reason]);
