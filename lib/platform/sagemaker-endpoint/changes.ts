import { type SpecFault, type UpdatePolicy, waitingSeconds } from '../../../constructs/sagemaker-endpoint';
import { LONGEST_DEPLOY_MINUTES } from '../../../contract';
import type { SagemakerEndpointEnvironment, SagemakerEndpointWorkload } from './sagemaker-endpoint';

/** What a fault was found in. */
interface Found {
  /** Field of the platform file. */
  readonly field: string;
  readonly allowed: string;
  /** Place of the environment. */
  readonly at: string;
  readonly environment: SagemakerEndpointEnvironment;
  readonly workload: SagemakerEndpointWorkload;
}

/** The change that mends a fault, in the fields of the platform file. */
export function changeFor(
  rule: SpecFault['rule'],
  { field, allowed, at, environment, workload }: Found,
): string {
  const { timeoutMinutes } = workload.rollout;
  switch (rule) {
    case 'waits':
      return outlastWaits(environment.update, timeoutMinutes);
    case 'deadline':
      return outlastExecution(environment.update, timeoutMinutes, at);
    case 'limit':
    case 'parts':
    case 'modelBucket':
      return `set ${field} to ${allowed}`;
  }
}

/** Room for the waits of an update, as far as a deadline can have it, or shorter waits. */
function outlastWaits(update: UpdatePolicy, timeoutMinutes: number): string {
  const waiting = waitingSeconds(update);
  const shorter = shorterWaits(update).join(', or ');
  if (waiting + 1 >= LONGEST_DEPLOY_MINUTES * 60) return shorter;
  const time = waiting % 60 === 0 ? `${waiting / 60} minutes` : `${waiting} seconds`;
  const deadline = timeoutMinutes * 60 <= waiting + 1 ? ' and rollout.timeout above that' : '';
  return `set update.maximumExecution to more than ${time}${deadline}, or ${shorter}`;
}

/** SageMaker takes no larger step. */
const LARGEST_STEP = 50;

function shorterWaits(update: UpdatePolicy): readonly string[] {
  const shortened =
    update.strategy !== 'Rolling' && update.terminationWaitSeconds > 0
      ? 'shorten update.wait or update.terminationWait'
      : 'shorten update.wait';
  if (update.strategy === 'Linear' && update.stepPercent < LARGEST_STEP)
    return ['set a larger update.stepPercent', shortened];
  if (update.strategy === 'Rolling' && update.batchPercent < LARGEST_STEP)
    return ['set a larger update.batchPercent', shortened];
  return [shortened];
}

/** SageMaker takes no shorter maximum. */
const SHORTEST_EXECUTION_MINUTES = 10;

function outlastExecution(update: UpdatePolicy, timeoutMinutes: number, at: string): string {
  const longer = `set rollout.timeout to more than ${Math.floor(update.maximumExecutionSeconds / 60)} minutes`;
  const room = Math.max(SHORTEST_EXECUTION_MINUTES, waitingSeconds(update) / 60);
  return timeoutMinutes > room
    ? `${longer}, or ${at}.update.maximumExecution to less than ${timeoutMinutes} minutes`
    : longer;
}
