import { type ImageEntry, LockstepError } from '../../contract';
import type { CommandStep, PlannedJob, RunStep, UsesStep } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { imageCalls } from '../steps/command-calls';
import { checkoutWithHistory } from '../steps/checkout';
import { commandStep } from '../steps/command';
import { registryLogin } from '../steps/registry-login';
import { runStep } from '../steps/run';
import { assume, signIn } from '../steps/sign-in';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { READ_CONTENTS, SIGN_IN } from './permissions';
import { releaseRefCheck } from './release-ref';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 60;
/** Tag that holds the layer cache. It moves with each build. */
const CACHE_TAG = 'buildcache';
const NOT_FOUND = "steps.find.outputs.found != 'true'";

/** The image of a workload by digest, for `env` or `with` of a job that needs the build. */
export function builtImage({ image }: ResolvedWorkload): string {
  return `${image.repository.uri}@\${{ needs.build.outputs.digest }}`;
}

/**
 * Builds and pushes the image of the commit once. A run that finds the image already there, for instance
 * of the tag that was pushed after its branch, only adds tags to it.
 *
 * @throws LockstepError `SessionTooShort`, `UnsupportedTagPattern`, `CacheTagNotMovable`
 */
export function buildJob(resolved: ResolvedWorkload, needs: readonly string[]): PlannedJob {
  const { workload, image, publishRole } = resolved;
  const role = assume(publishRole, TIMEOUT_MINUTES, `build job of ${workload.id}`);
  return {
    id: 'build',
    name: `Build ${workload.id}`,
    needs,
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS, SIGN_IN],
    role,
    concurrency: groups.perCommit(workload.id, 'build'),
    // Only the digest: a value that holds the masked account id would arrive empty.
    outputs: { digest: '${{ steps.image.outputs.digest }}' },
    steps: [
      releaseRefCheck(resolved),
      checkoutWithHistory(),
      signIn(publishRole, role, image.repository.region, `${workload.id}-build`),
      registryLogin(image),
      find(resolved),
      setUpBuildx(),
      buildAndPush(resolved),
      digest(),
      tag(resolved),
    ],
  };
}

function find({ workload, image }: ResolvedWorkload): CommandStep {
  return commandStep({
    name: 'Look for an image of this commit',
    id: 'find',
    command: { verb: 'image find', workload: workload.id, options: [] },
    calls: imageCalls('image find', image),
  });
}

function setUpBuildx(): UsesStep {
  return usesStep({
    name: 'Set up Buildx',
    condition: NOT_FOUND,
    uses: 'docker/setup-buildx-action',
    with: { 'cache-binary': false },
  });
}

function buildAndPush({ workload, image }: ResolvedWorkload): UsesStep {
  const cache = cacheReference(image);
  return usesStep({
    name: `Build and push ${workload.id}`,
    id: 'build',
    condition: NOT_FOUND,
    uses: 'docker/build-push-action',
    with: {
      context: image.context,
      file: image.dockerfile,
      platforms: image.platform,
      push: true,
      tags: '${{ steps.find.outputs.tag }}',
      'cache-from': cache,
      'cache-to': `${cache},mode=max,image-manifest=true,oci-mediatypes=true`,
      // The digest is then that of the image itself; attestations are made in a job of their own.
      provenance: false,
      sbom: false,
    },
    image,
  });
}

/** Where the layer cache is kept. Only the publish role can write there, so no pull request can poison it. */
function cacheReference({ id, repository, immutableTags, constructPath }: ImageEntry): string {
  const frozen = immutableTags.find((pattern) => wildcard(pattern).test(CACHE_TAG));
  if (frozen !== undefined) {
    throw new LockstepError('CacheTagNotMovable', {
      place: `image ${id} (${constructPath}), immutableTags`,
      value: frozen,
      allowed: `patterns that do not match ${CACHE_TAG}, the tag of the layer cache`,
      change: `narrow the pattern ${frozen}`,
    });
  }
  return `type=registry,ref=${repository.uri}:${CACHE_TAG}`;
}

/** ECR's wildcard: `*` stands for any characters. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
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

function tag({ workload, image }: ResolvedWorkload): CommandStep {
  return commandStep({
    name: 'Tag the image',
    env: { IMAGE: `${image.repository.uri}@\${{ steps.image.outputs.digest }}` },
    command: {
      verb: 'image tag',
      workload: workload.id,
      options: [{ flag: '--image', variable: 'IMAGE' }],
    },
    calls: imageCalls(workload.releaseTags.length > 0 ? 'image tag, releases' : 'image tag', image),
  });
}
