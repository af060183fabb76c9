import type { PlannedJob, Step, UsesStep } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { assume, signIn } from '../steps/sign-in';
import { usesStep } from '../steps/uses';
import { builtImage } from './build';
import { groups } from './groups';
import { SIGN_IN } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 30;
const REPORT = 'trivy.sarif';
/** Name of the artifact and of the file in it. */
export const SBOM = { artifact: 'sbom', file: 'sbom.cdx.json' } as const;

const UPLOAD_FINDINGS: PlannedJob['permissions'] = [
  { scope: 'security-events', access: 'write', reason: 'uploads the findings to code scanning' },
  { scope: 'actions', access: 'read', reason: 'lets the upload read this run in a private repository' },
];

/** Scans the pushed image by its digest, with a role that can only pull. */
export function scanJob(resolved: ResolvedWorkload): PlannedJob {
  const { workload, image, scanRole } = resolved;
  const role = assume(scanRole, TIMEOUT_MINUTES, `scan job of ${workload.id}`);
  return {
    id: 'scan',
    name: `Scan ${workload.id}`,
    needs: ['build'],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [SIGN_IN, ...(image.scan.codeScanning ? UPLOAD_FINDINGS : [])],
    role,
    concurrency: groups.perCommit(workload.id, 'scan'),
    outputs: {},
    steps: [
      signIn(scanRole, role, image.repository.region, `${workload.id}-scan`),
      ...scan(resolved),
      ...(image.attestations ? billOfMaterials(resolved) : []),
    ],
  };
}

function scan(resolved: ResolvedWorkload): Step[] {
  const { workload, image } = resolved;
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
      ...(image.scan.codeScanning ? uploadFindings(workload.id) : keepFindings()),
      condition: "success() || steps.scan.outcome == 'failure'",
      reason: 'Findings that stop the delivery are kept too.',
    },
  ];
}

function uploadFindings(workload: string): Step {
  return usesStep({
    name: 'Upload the findings to code scanning',
    uses: 'github/codeql-action/upload-sarif',
    with: { sarif_file: REPORT, category: `${workload}-image` },
  });
}

function keepFindings(): Step {
  return usesStep({
    name: 'Keep the findings',
    uses: 'actions/upload-artifact',
    with: { name: 'findings', path: REPORT, 'if-no-files-found': 'ignore' },
  });
}

function billOfMaterials(resolved: ResolvedWorkload): Step[] {
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
      with: { name: SBOM.artifact, path: SBOM.file, 'if-no-files-found': 'error' },
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
