import type { PlannedJob } from '../plan/model';
import type { ResolvedImage } from '../plan/images';
import type { ResolvedWorkload } from '../plan/lookup';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { builtDigest, forImage } from './image-job';
import { RUNNER } from './runner';
import { SBOM } from './scan';

const TIMEOUT_MINUTES = 10;

/**
 * Signs who built the image and what is in it. The signatures are kept at GitHub; the job never reaches AWS.
 *
 * @see https://docs.github.com/en/actions/concepts/security/artifact-attestations
 */
export function attestJob({ workload }: ResolvedWorkload, resolved: ResolvedImage): PlannedJob {
  const { image } = resolved;
  const id = forImage('attest', resolved);
  const subject = {
    'subject-name': image.repository.uri,
    'subject-digest': builtDigest(resolved),
    'push-to-registry': false,
    'create-storage-record': false,
  };
  return {
    id,
    name: `Attest ${image.id}`,
    needs: [forImage('build', resolved), forImage('scan', resolved)],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [
      { scope: 'id-token', access: 'write', reason: 'proves to Sigstore which workflow signs' },
      { scope: 'attestations', access: 'write', reason: 'stores the attestations in the repository' },
    ],
    concurrency: groups.perCommit(workload.id, id),
    outputs: {},
    steps: [
      usesStep({
        name: 'Fetch the bill of materials',
        uses: 'actions/download-artifact',
        with: { name: forImage(SBOM.artifact, resolved) },
      }),
      usesStep({ name: 'Attest the build provenance', uses: 'actions/attest', with: subject }),
      usesStep({
        name: 'Attest the bill of materials',
        uses: 'actions/attest',
        with: { ...subject, 'sbom-path': SBOM.file },
      }),
    ],
  };
}
