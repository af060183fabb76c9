import { type ImageEntry, LockstepError } from '../../contract';
import type { PlannedJob } from '../plan/model';
import { inspectionOf, type ResolvedWorkload, type Stage } from '../plan/lookup';
import { checkoutCommand } from '../steps/checkout';
import { commandStep } from '../steps/command';
import { targetCalls } from '../steps/command-calls';
import { assume, signIn } from '../steps/sign-in';
import { groups } from './groups';
import { READ_CONTENTS, SIGN_IN } from './permissions';
import { MODEL_OF_THE_RUN, type Release } from './release';
import { releaseRefCheck } from './release-ref';

const TIMEOUT_MINUTES = 10;
/** Id of the job and of its step. */
export const RESOLVE = 'resolve';

/**
 * Settles what a promotion takes along: the image that an environment runs, and its model unless another one of
 * the same bucket was named. It names no environment, so that people who approve the next one read it first.
 *
 * @param from the environment whose release is promoted
 * @param purpose name of the pipeline
 * @throws LockstepError `SessionTooShort`, `DanglingReference`
 */
export function resolveJob(resolved: ResolvedWorkload, from: Stage, purpose: string): PlannedJob {
  const { workload } = resolved;
  const { environment, target } = from;
  const { role } = inspectionOf(from);
  const name = `Look up what ${environment.name} runs`;
  const session = assume(role, TIMEOUT_MINUTES, `job "${name}" of ${workload.id}`);
  return {
    id: RESOLVE,
    name,
    needs: [],
    runsOn: target.runnerLabels,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS, SIGN_IN],
    role: session,
    concurrency: groups.perRun(workload.id, `${purpose}-${RESOLVE}`),
    // Without registry and bucket: a value that holds the masked account id would arrive empty.
    outputs: {
      digest: `\${{ steps.${RESOLVE}.outputs.digest }}`,
      ...(workload.models && { model: `\${{ steps.${RESOLVE}.outputs.model }}` }),
    },
    steps: [
      releaseRefCheck(resolved, []),
      checkoutCommand(),
      signIn(role, session, target.region, `${workload.id}-${environment.name}-${RESOLVE}`),
      commandStep({
        name: 'Settle what is promoted',
        id: RESOLVE,
        reason: 'The jobs behind it deploy exactly this, whatever the environment runs by then.',
        ...(workload.models && { env: { MODEL: MODEL_OF_THE_RUN } }),
        command: {
          verb: RESOLVE,
          subject: workload.id,
          options: [
            { flag: '--environment', value: environment.name },
            ...(workload.models ? [{ flag: '--model', variable: 'MODEL', optional: true }] : []),
          ],
        },
        calls: targetCalls('resolve', target),
      }),
    ],
  };
}

/**
 * What was settled.
 *
 * @throws LockstepError `InvalidConfiguration` for a workload with several images
 */
export function resolvedRelease(resolved: ResolvedWorkload): Release {
  const { workload } = resolved;
  const image = soleImage(resolved);
  const output = (name: string): string => `\${{ needs.${RESOLVE}.outputs.${name} }}`;
  return {
    images: [{ variable: 'IMAGE', value: `${image.repository.uri}@${output('digest')}` }],
    ...(workload.models && {
      model: { value: `s3://${workload.models.bucket}/${output('model')}`, optional: false },
    }),
  };
}

/** A promotion takes along one digest. */
function soleImage({ workload, images }: ResolvedWorkload): ImageEntry {
  const [sole, ...others] = images;
  if (sole && others.length === 0) return sole.image;
  throw new LockstepError('InvalidConfiguration', {
    place: `workload ${workload.id}, delivery`,
    value: `byPromotion with ${images.map(({ image }) => image.id).join(', ')}`,
    allowed: 'one image, for a promotion takes along the digest that an environment runs',
    change: 'deliver the workload throughEnvironments',
  });
}
