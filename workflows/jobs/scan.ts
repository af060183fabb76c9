import type { PlannedJob, Step, UsesStep } from '../plan/model';
import type { ResolvedImage } from '../plan/images';
import type { ResolvedWorkload } from '../plan/lookup';
import { assume, signIn } from '../steps/sign-in';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { builtImage, forImage } from './image-job';
import { SIGN_IN } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 30;
const REPORT = 'trivy.sarif';
/** Name of the artifact, for one image of a workload, and of the file in it. */
export const SBOM = { artifact: 'sbom', file: 'sbom.cdx.json' } as const;

const UPLOAD_FINDINGS: PlannedJob['permissions'] = [
  { scope: 'security-events', access: 'write', reason: 'uploads the findings to code scanning' },
  { scope: 'actions', access: 'read', reason: 'lets the upload read this run in a private repository' },
];

/** Scans the pushed image by its digest: with a role that can only pull, or without any where anybody may. */
export function scanJob({ workload }: ResolvedWorkload, resolved: ResolvedImage): PlannedJob {
  const { image } = resolved;
  const id = forImage('scan', resolved);
  const { permissions, steps, ...session } = access(resolved);
  return {
    id,
    name: `Scan ${image.id}`,
    needs: [forImage('build', resolved)],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [...permissions, ...(image.scan.codeScanning ? UPLOAD_FINDINGS : [])],
    ...session,
    concurrency: groups.perCommit(workload.id, id),
    outputs: {},
    steps: [...steps, ...scan(resolved), ...(image.attestations ? billOfMaterials(resolved) : [])],
  };
}

/** How the job reaches the registry. */
function access(resolved: ResolvedImage): Pick<PlannedJob, 'permissions' | 'role' | 'steps'> {
  switch (resolved.registry) {
    case 'ecr': {
      const { image, scanRole } = resolved;
      const role = assume(scanRole, TIMEOUT_MINUTES, `scan job of ${image.id}`);
      return {
        permissions: [SIGN_IN],
        role,
        steps: [signIn(scanRole, role, image.repository.region, `${image.id}-scan`)],
      };
    }
    case 'dockerHub':
      return { permissions: [], steps: [] };
  }
}

function scan(resolved: ResolvedImage): Step[] {
  const { image } = resolved;
  const { severities, blocks } = image.scan;
  return [
    usesStep({
      name: blocks ? 'Scan the image and fail on a finding' : 'Scan the image and report findings',
      id: 'scan',
      uses: 'aquasecurity/trivy-action',
      with: {
        'image-ref': builtImage(resolved),
        format: 'sarif',
        output: REPORT,
        severity: severities.join(','),
        // Without it the action drops the severities for this format, and then anything counts as finding.
        'limit-severities-for-sarif': true,
        'exit-code': blocks ? '1' : '0',
        cache: false,
      },
      image,
    }),
    {
      ...(image.scan.codeScanning ? uploadFindings(image.id) : keepFindings(resolved)),
      condition: "success() || steps.scan.outcome == 'failure'",
      reason: 'Findings that stop the delivery are kept too.',
    },
  ];
}

function uploadFindings(image: string): Step {
  return usesStep({
    name: 'Upload the findings to code scanning',
    uses: 'github/codeql-action/upload-sarif',
    with: { sarif_file: REPORT, category: `${image}-image` },
  });
}

function keepFindings(resolved: ResolvedImage): Step {
  return usesStep({
    name: 'Keep the findings',
    uses: 'actions/upload-artifact',
    with: { name: forImage('findings', resolved), path: REPORT, 'if-no-files-found': 'ignore' },
  });
}

function billOfMaterials(resolved: ResolvedImage): Step[] {
  return [
    withoutSetup(
      usesStep({
        name: 'Write the bill of materials',
        uses: 'aquasecurity/trivy-action',
        with: {
          'image-ref': builtImage(resolved),
          format: 'cyclonedx',
          output: SBOM.file,
          cache: false,
        },
        image: resolved.image,
      }),
    ),
    usesStep({
      name: 'Keep the bill of materials',
      uses: 'actions/upload-artifact',
      with: { name: forImage(SBOM.artifact, resolved), path: SBOM.file, 'if-no-files-found': 'error' },
    }),
  ];
}

/**
 * The same step with the Trivy that an earlier step of the job has set up. Nothing is downloaded a second
 * time, and the action does not read `version` then, so the step names none.
 *
 * @see https://github.com/aquasecurity/trivy-action#trivy-setup
 */
function withoutSetup(step: UsesStep): UsesStep {
  const inputs = Object.entries(step.with).filter(([name]) => name !== 'version');
  return {
    ...step,
    reason: 'With the Trivy that the scan has set up, so nothing is downloaded twice.',
    with: { ...Object.fromEntries(inputs), 'skip-setup-trivy': true },
  };
}
