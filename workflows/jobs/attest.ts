import type { PlannedJob } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { RUNNER } from './runner';
import { SBOM } from './scan';

const TIMEOUT_MINUTES = 10;

/**
 * Signs who built the image and what is in it. The signatures are kept at GitHub; the job never reaches AWS.
 *
 * @see https://docs.github.com/en/actions/concepts/security/artifact-attestations
 */
export function attestJob({ workload, image }: ResolvedWorkload): PlannedJob {
  const subject = {
    'subject-name': image.repository.uri,
    'subject-digest': '${{ needs.build.outputs.digest }}',
    'push-to-registry': false,
    'create-storage-record': false,
  };
  return {
    id: 'attest',
    name: `Attest ${workload.id}`,
    needs: ['build', 'scan'],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [
      { scope: 'id-token', access: 'write', reason: 'proves to Sigstore which workflow signs' },
      { scope: 'attestations', access: 'write', reason: 'stores the attestations in the repository' },
    ],
    concurrency: groups.perCommit(workload.id, 'attest'),
    outputs: {},
    steps: [
      usesStep({
        name: 'Fetch the bill of materials',
        uses: 'actions/download-artifact',
        with: { name: SBOM.artifact },
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
