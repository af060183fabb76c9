import { imageNames } from '../names';
import type { Image, PythonTests, WorkloadFields } from './workload';
import type { ParsedWorkloadFields } from './workload-schema';

/** What the defaults of a workload are made of. */
export interface PlatformDefaults {
  /** Name of the platform. */
  readonly name: string;
  readonly region: string;
  /** Account of what the environments of a workload share. */
  readonly sharedAccount: string;
}

/** Fractions are let through here, so that the rules can report them together with everything else. */
export const FRACTIONS = { integral: false } as const;

/** What the props of a workload say of every kind. */
type SharedFields =
  'id' | 'source' | 'region' | 'tests' | 'image' | 'names' | 'paths' | 'delivery' | 'releaseTags';

/**
 * Fills in the defaults of what every kind of workload is told.
 *
 * @param ofKind how workloads of this kind are delivered unless they say otherwise
 */
export function resolveFields(
  props: ParsedWorkloadFields,
  platform: PlatformDefaults,
  ofKind: WorkloadFields['delivery'],
): Pick<WorkloadFields, SharedFields> {
  const delivery = props.delivery ?? ofKind;
  return {
    id: props.id,
    source: props.source,
    region: props.region ?? platform.region,
    ...(props.tests && { tests: testsOf(props.tests) }),
    image: imageOf(props.image),
    names: { ...imageNames(platform.name, props.id), ...props.image?.names },
    paths: [`${props.source}/**`, 'platform.config.ts', ...(props.paths ?? [])],
    delivery,
    releaseTags: props.releaseTags ?? (delivery === 'byPromotion' ? [] : ['v*']),
  };
}

function testsOf({ python, requirements, checks }: NonNullable<ParsedWorkloadFields['tests']>): PythonTests {
  return {
    python,
    requirements: requirements ?? ['requirements-dev.txt'],
    ...(checks && {
      checks: {
        coverage: checks.coverage ?? 80,
        audited: checks.audit ?? ['requirements.txt'],
        exceptedVulnerabilities: checks.exceptedVulnerabilities ?? [],
        ...(checks.securityBaseline !== undefined && { securityBaseline: checks.securityBaseline }),
      },
    }),
  };
}

function imageOf(image: ParsedWorkloadFields['image']): Image {
  return {
    dockerfile: image?.dockerfile ?? 'Dockerfile',
    platform: image?.platform ?? 'linux/amd64',
    severities: image?.scan?.severities ?? ['CRITICAL', 'HIGH'],
    scanBlocks: image?.scan?.blocks ?? true,
    codeScanning: image?.scan?.codeScanning ?? true,
    attestations: image?.attestations ?? false,
  };
}
