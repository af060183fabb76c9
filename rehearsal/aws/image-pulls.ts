import type { VirtualClock } from '../clock/virtual-clock';
import type { EcrService } from './ecr';
import type { ImagePulls } from './ecs';
import type { IamService } from './iam';
import type { Question } from './service';

/** Session name of the agent that pulls for a task. */
const AGENT = 'ecs-agent';

/**
 * Pulls of tasks: the execution role of the task decides. A task without one pulls public images only: what the
 * role of its instance may do is not looked up.
 */
export function imagePulls(ecr: EcrService, iam: IamService, clock: VirtualClock): ImagePulls {
  return {
    pull: (image, executionRole) =>
      ecr.pull(
        image,
        (question) => executionRole !== undefined && mayPull(iam, clock, executionRole, question),
      ),
  };
}

function mayPull(iam: IamService, clock: VirtualClock, role: string, question: Question): boolean {
  if (!iam.role(role)) return false;
  const [, , , region = ''] = question.resource.split(':');
  return iam.decide(iam.sessionOf(role, AGENT), question, { region, now: clock.now() }).allowed;
}
