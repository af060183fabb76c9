import type { PlannedJob } from '../plan/model';
import type { ResolvedImage } from '../plan/images';
import type { ResolvedWorkload } from '../plan/lookup';
import { buildForDockerHub } from './build-docker-hub';
import { BUILD_MINUTES, buildForEcr } from './build-ecr';
import { groups } from './groups';
import { forImage } from './image-job';
import { RUNNER } from './runner';

/**
 * Builds and pushes an image of the commit. The job hands on its digest alone: a value that holds the masked
 * account id would arrive empty.
 *
 * @throws LockstepError `SessionTooShort`, `UnsupportedTagPattern`, `CacheTagNotMovable`
 */
export function buildJob(
  resolved: ResolvedWorkload,
  image: ResolvedImage,
  needs: readonly string[],
): PlannedJob {
  const id = forImage('build', image);
  return {
    id,
    name: `Build ${image.image.id}`,
    needs,
    runsOn: RUNNER,
    timeoutMinutes: BUILD_MINUTES,
    concurrency: groups.perCommit(resolved.workload.id, id),
    ...inRegistry(resolved, image),
  };
}

function inRegistry(resolved: ResolvedWorkload, image: ResolvedImage) {
  switch (image.registry) {
    case 'ecr':
      return buildForEcr(resolved, image);
    case 'dockerHub':
      return buildForDockerHub(resolved, image);
  }
}
