import { LockstepError } from '../../contract';
import type { CommandStep, PlannedJob, RunStep } from '../plan/model';
import type { OnEcr } from '../plan/images';
import type { ResolvedWorkload } from '../plan/lookup';
import { checkoutCommand } from '../steps/checkout';
import { commandStep } from '../steps/command';
import { imageCalls } from '../steps/command-calls';
import { runStep } from '../steps/run';
import { assume, signIn } from '../steps/sign-in';
import { groups } from './groups';
import { READ_CONTENTS, SIGN_IN } from './permissions';
import { releaseRefCheck } from './release-ref';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 10;
/** Id of the job. */
export const FIND_IMAGE = 'find-image';

/**
 * Looks up the image of the commit that a person named. It names no environment, and its role can only read: what it
 * finds is settled before anybody approves the way back.
 *
 * @throws LockstepError `SessionTooShort`, `InvalidConfiguration`
 */
export function findImageJob(resolved: ResolvedWorkload): PlannedJob {
  const { workload } = resolved;
  const { image, scanRole } = soleImage(resolved);
  const role = assume(scanRole, TIMEOUT_MINUTES, `job ${FIND_IMAGE} of ${workload.id}`);
  return {
    id: FIND_IMAGE,
    name: 'Find the image of the commit',
    needs: [],
    condition: "inputs.commit != ''",
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS, SIGN_IN],
    role,
    concurrency: groups.perRun(workload.id, FIND_IMAGE),
    // Without the registry: a value that holds the masked account id would arrive empty.
    outputs: { digest: '${{ steps.find.outputs.digest }}' },
    steps: [
      refuseRevision(),
      releaseRefCheck(resolved, []),
      checkoutCommand(),
      signIn(scanRole, role, image.repository.region, `${image.id}-${FIND_IMAGE}`),
      find(image),
    ],
  };
}

/**
 * The image that was found, in a job that needs the search.
 *
 * @throws LockstepError `InvalidConfiguration`
 */
export const foundImage = (resolved: ResolvedWorkload): string =>
  `${soleImage(resolved).image.repository.uri}@\${{ needs.${FIND_IMAGE}.outputs.digest }}`;

function refuseRevision(): RunStep {
  return runStep({
    name: 'Refuse a commit beside a revision',
    env: { REVISION: '${{ inputs.revision }}' },
    run: [
      'if [[ -n "$REVISION" ]]; then',
      '  echo "::error title=Revision and commit::give one of them and leave the other empty"',
      '  exit 1',
      'fi',
    ],
  });
}

function find(image: OnEcr['image']): CommandStep {
  return commandStep({
    name: 'Look for the image by its tag',
    id: 'find',
    env: { COMMIT: '${{ inputs.commit }}' },
    command: {
      verb: 'image find',
      subject: image.id,
      options: [{ flag: '--commit', variable: 'COMMIT' }, { flag: '--required' }],
    },
    calls: imageCalls('image find', image),
  });
}

/** A commit stands for one digest, in a registry where it has a tag that never moves and a role that reads it. */
function soleImage({ workload, images }: ResolvedWorkload): OnEcr {
  const [sole, ...others] = images;
  if (sole?.registry === 'ecr' && others.length === 0) return sole;
  throw new LockstepError('InvalidConfiguration', {
    place: `workload ${workload.id}, rollbackByCommit`,
    value: `true with ${images.map(({ image }) => `${image.id} (${image.registry})`).join(', ')}`,
    allowed: 'one image, kept in ECR',
    change: 'let people go back to revisions only: rollbackByCommit false',
  });
}
