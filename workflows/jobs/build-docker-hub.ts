import type { PlannedJob, RunStep, UsesStep } from '../plan/model';
import type { OnDockerHub } from '../plan/images';
import type { ResolvedWorkload } from '../plan/lookup';
import { buildSteps } from '../steps/build-image';
import { checkout } from '../steps/checkout';
import { runStep } from '../steps/run';
import { usesStep } from '../steps/uses';
import { READ_CONTENTS } from './permissions';
import { releaseRefCheck } from './release-ref';

/**
 * Builds the image anew in each run and pushes it to Docker Hub under the tag of its commit. The job has a token of
 * Docker Hub and no way to AWS.
 *
 * @see https://docs.docker.com/security/access-tokens/
 * @throws LockstepError `UnsupportedTagPattern`
 */
export function buildForDockerHub(
  resolved: ResolvedWorkload,
  { image, token }: OnDockerHub,
): Pick<PlannedJob, 'permissions' | 'outputs' | 'steps'> {
  return {
    permissions: [READ_CONTENTS],
    outputs: { digest: '${{ steps.build.outputs.digest }}' },
    steps: [
      releaseRefCheck(resolved),
      checkout(),
      nameAfterCommit(image.repository.uri),
      logIn(image.username, token.name),
      ...buildSteps({ image, tag: '${{ steps.name.outputs.tag }}', cache: 'layers' }),
    ],
  };
}

function nameAfterCommit(repository: string): RunStep {
  return runStep({
    name: 'Name the image after the commit',
    id: 'name',
    env: { REPOSITORY: repository },
    run: ['echo "tag=$REPOSITORY:sha-${GITHUB_SHA:0:12}" >> "$GITHUB_OUTPUT"'],
  });
}

/** @see https://github.com/docker/login-action#docker-hub */
function logIn(username: string, secret: string): UsesStep {
  return usesStep({
    name: 'Log in to Docker Hub',
    uses: 'docker/login-action',
    with: { username, password: `\${{ secrets.${secret} }}` },
  });
}
