import { type EcrImage, LockstepError } from '../../contract';
import type { CommandStep, PlannedJob, RunStep } from '../plan/model';
import type { OnEcr } from '../plan/images';
import type { ResolvedWorkload } from '../plan/lookup';
import { buildSteps, CACHE_TAG } from '../steps/build-image';
import { imageCalls } from '../steps/command-calls';
import { checkoutWithHistory } from '../steps/checkout';
import { commandStep } from '../steps/command';
import { registryLogin } from '../steps/registry-login';
import { runStep } from '../steps/run';
import { assume, signIn } from '../steps/sign-in';
import { READ_CONTENTS, SIGN_IN } from './permissions';
import { releaseRefCheck } from './release-ref';

/** Longest that a build may take; the session of its role is as long. */
export const BUILD_MINUTES = 60;

/**
 * Builds and pushes the image of the commit once. A run that finds the image already there, for instance
 * of the tag that was pushed after its branch, only adds tags to it.
 *
 * @throws LockstepError `SessionTooShort`, `UnsupportedTagPattern`, `CacheTagNotMovable`
 */
export function buildForEcr(
  resolved: ResolvedWorkload,
  { image, publishRole }: OnEcr,
): Pick<PlannedJob, 'permissions' | 'role' | 'outputs' | 'steps'> {
  const role = assume(publishRole, BUILD_MINUTES, `build job of ${image.id}`);
  refuseFrozenCache(image);
  return {
    permissions: [READ_CONTENTS, SIGN_IN],
    role,
    outputs: { digest: '${{ steps.image.outputs.digest }}' },
    steps: [
      releaseRefCheck(resolved),
      checkoutWithHistory(),
      signIn(publishRole, role, image.repository.region, `${image.id}-build`),
      registryLogin(image),
      find(image),
      ...buildSteps({
        image,
        tag: '${{ steps.find.outputs.tag }}',
        condition: "steps.find.outputs.found != 'true'",
        cache: 'layers',
      }),
      digest(),
      tag(resolved, image),
    ],
  };
}

function find(image: EcrImage): CommandStep {
  return commandStep({
    name: 'Look for an image of this commit',
    id: 'find',
    command: { verb: 'image find', subject: image.id, options: [] },
    calls: imageCalls('image find', image),
  });
}

function digest(): RunStep {
  return runStep({
    name: 'Determine the digest',
    id: 'image',
    env: {
      FOUND: '${{ steps.find.outputs.digest }}',
      BUILT: '${{ steps.build.outputs.digest }}',
    },
    run: [
      'digest="${FOUND:-$BUILT}"',
      'if [[ ! "$digest" =~ ^sha256:[0-9a-f]{64}$ ]]; then',
      '  echo "::error title=No digest::neither the registry nor the build named a digest"',
      '  exit 1',
      'fi',
      'echo "digest=$digest" >> "$GITHUB_OUTPUT"',
    ],
  });
}

function tag({ workload }: ResolvedWorkload, image: EcrImage): CommandStep {
  return commandStep({
    name: 'Tag the image',
    env: { IMAGE: `${image.repository.uri}@\${{ steps.image.outputs.digest }}` },
    command: {
      verb: 'image tag',
      subject: image.id,
      options: [{ flag: '--image', variable: 'IMAGE' }],
    },
    calls: imageCalls(workload.releaseTags.length > 0 ? 'image tag, releases' : 'image tag', image),
  });
}

/** Only the publish role can write the layer cache, so no pull request can poison it; but it has to move. */
function refuseFrozenCache({ id, immutableTags, constructPath }: EcrImage): void {
  const frozen = immutableTags.find((pattern) => wildcard(pattern).test(CACHE_TAG));
  if (frozen === undefined) return;
  throw new LockstepError('CacheTagNotMovable', {
    place: `image ${id} (${constructPath}), immutableTags`,
    value: frozen,
    allowed: `patterns that do not match ${CACHE_TAG}, the tag of the layer cache`,
    change: `narrow the pattern ${frozen}`,
  });
}

/** ECR's wildcard: `*` stands for any characters. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
