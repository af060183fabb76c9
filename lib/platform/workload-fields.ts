import { imageNames } from '../names';
import { resolveNotifications } from './notifications';
import type { Image, NodeTests, OneEcrImage, PythonTests, WorkloadFields } from './workload';
import type { ParsedImageFields, ParsedOneImageFields, ParsedWorkloadFields } from './workload-schema';

/** What the defaults of a workload are made of. */
export interface PlatformDefaults {
  /** Name of the platform. */
  readonly name: string;
  readonly region: string;
  /** Account of what the environments of a workload share. */
  readonly sharedAccount: string;
  /** Accounts by environment. */
  readonly accounts: ReadonlyMap<string, string>;
}

/** Fractions are let through here, so that the rules can report them together with everything else. */
export const FRACTIONS = { integral: false } as const;

/** What the props of a workload say of every kind. */
type SharedFields =
  | 'id'
  | 'source'
  | 'region'
  | 'paths'
  | 'delivery'
  | 'starts'
  | 'rollbackByCommit'
  | 'releaseTags'
  | 'notices'
  | 'subscribers';

/** How workloads of a kind are delivered. */
export interface KindDelivery {
  /** Unless they say otherwise. */
  readonly delivery: WorkloadFields['delivery'];
  readonly starts: WorkloadFields['starts'];
  readonly rollbackByCommit: boolean;
}

/** Fills in the defaults of what every kind of workload is told. */
export function resolveFields(
  props: ParsedWorkloadFields,
  platform: PlatformDefaults,
  ofKind: KindDelivery,
): Pick<WorkloadFields, SharedFields> {
  const delivery = props.delivery ?? ofKind.delivery;
  const { starts, rollbackByCommit } = ofKind;
  return {
    id: props.id,
    source: props.source,
    region: props.region ?? platform.region,
    paths: [`${props.source}/**`, 'platform.config.ts', ...(props.paths ?? [])],
    delivery,
    starts,
    rollbackByCommit,
    releaseTags: props.releaseTags ?? (delivery === 'byPromotion' || starts === 'byHand' ? [] : ['v*']),
    ...resolveNotifications(props.notifications),
  };
}

/** Fills in the defaults of what a workload with one image is told. */
export function resolveOneImage(
  props: ParsedOneImageFields & ParsedWorkloadFields,
  platform: PlatformDefaults,
): { readonly tests?: PythonTests | NodeTests; readonly images: OneEcrImage } {
  const { id, source, tests, image } = props;
  return {
    ...(tests && { tests: testsOf(tests) }),
    images: [
      {
        id,
        name: id,
        field: 'image',
        context: source,
        dockerfile: image?.dockerfile ?? 'Dockerfile',
        ...resolveImage(image),
        store: { registry: 'ecr', names: { ...imageNames(platform.name, id), ...image?.names } },
      },
    ],
  };
}

function testsOf(tests: NonNullable<ParsedOneImageFields['tests']>): PythonTests | NodeTests {
  if (tests.language === 'node') return { ...tests, scripts: tests.scripts ?? ['lint', 'test'] };
  const { language, python, requirements, checks } = tests;
  return {
    language,
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

/** Fills in the defaults of how an image is built and scanned. */
export function resolveImage(
  image: ParsedImageFields | undefined,
): Pick<Image, 'platform' | 'severities' | 'scanBlocks' | 'codeScanning' | 'attestations'> {
  return {
    platform: image?.platform ?? 'linux/amd64',
    severities: image?.scan?.severities ?? ['CRITICAL', 'HIGH'],
    scanBlocks: image?.scan?.blocks ?? true,
    codeScanning: image?.scan?.codeScanning ?? true,
    attestations: image?.attestations ?? false,
  };
}
