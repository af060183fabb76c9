import type { Fault } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import type { Checked } from '../calls/text';
import { asksWithin } from '../flow/commands';
import {
  isShifting,
  type ServiceTarget,
  serviceTargets,
  type ServiceUpdate,
  type ShiftingUpdate,
} from './spec';
import { placeOfService, type TemplateService, templateServices, unless, wrongAt } from './template';
import { functionOf } from './verification';

/** Time that tasks need to be placed, to start and to become healthy, at the least. */
const STARTS_WITHIN = 5;

/**
 * Minutes in which traffic goes from one version to the other. A canary waits once; in steps, ECS waits after each but the
 * last.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/linear-deployment.html
 */
function shiftMinutes(update: ShiftingUpdate): number {
  switch (update.strategy) {
    case 'blueGreen':
      return 0;
    case 'canary':
      return update.canaryMinutes;
    case 'linear':
      return (Math.ceil(100 / update.stepPercent) - 1) * update.stepMinutes;
  }
}

/** Minutes in which the new version has traffic while the old one still runs. */
export const watchedMinutes = (update: ShiftingUpdate): number => shiftMinutes(update) + update.bakeMinutes;

/**
 * A deployment whose traffic still moves at its deadline is undone by the command, however good it is. The function that
 * verifies ends before the jobs that wait for it.
 */
export function serviceTimes(artefacts: Artefacts): Checked {
  const services = serviceTargets(artefacts.manifest);
  const asked = templateServices(artefacts).flatMap((one) => {
    const asks = functionOf(one);
    return asks ? [{ one, asks }] : [];
  });
  return {
    checked: services.length + asked.length,
    findings: [
      ...services.flatMap(deadlineFaults),
      ...asked.flatMap(({ one, asks }) => answerFaults(one, asks)),
    ],
  };
}

/** What Lambda takes where a template names no timeout. */
const DEFAULT_SECONDS = 3;

function answerFaults({ target }: TemplateService, { path, properties }: Resource): readonly Fault[] {
  const seconds = Number(properties.Timeout ?? DEFAULT_SECONDS);
  const most = asksWithin(target) * 60;
  return wrongAt(
    path,
    'shorten the latency budget of the verification',
    unless(seconds <= most, `Timeout ${seconds}`, `at most ${most} seconds, for which a job waits`),
  );
}

function deadlineFaults(one: ServiceTarget): readonly Fault[] {
  const { target, spec } = one;
  const needed = minutesOf(spec.update);
  return wrongAt(
    `${placeOfService(one)} deployTimeoutMinutes`,
    'raise rollout.timeout in the platform file, or shorten bake and waits',
    unless(
      needed <= target.deployTimeoutMinutes,
      `${target.deployTimeoutMinutes} minutes`,
      `at least ${needed}: ${STARTS_WITHIN} until tasks are healthy, and what the traffic of ${spec.update.strategy} takes`,
    ),
  );
}

const minutesOf = (update: ServiceUpdate): number =>
  STARTS_WITHIN + (isShifting(update) ? watchedMinutes(update) : 0);
