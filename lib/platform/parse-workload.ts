import type { Fault } from '../../contract';
import { printable } from './faults';
import { isKind, kindOf, KINDS } from './kinds';
import type { Environment } from './platform';
import type { Workload } from './workload';
import type { PlatformDefaults } from './workload-fields';
import { workloadFaults } from './workload-rules';

/**
 * A workload with its defaults, judged by its kind. What does not fit becomes faults.
 *
 * @param index position in the platform file
 */
export function parseWorkload(
  value: unknown,
  index: number,
  faults: Fault[],
  defaults: PlatformDefaults,
): Workload | undefined {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (isKind(kind)) return KINDS[kind].parse(value, ['workloads', index], faults, defaults);
  faults.push({
    place: `workloads[${index}].kind`,
    value: printable(kind),
    allowed: oneOf((name) => `"${name}"`),
    change: `make the workload with ${oneOf((name) => `${name}(…)`)}`,
  });
  return undefined;
}

const oneOf = (written: (name: string) => string): string => Object.keys(KINDS).map(written).join(' or ');

/** Fields of a workload that contradict each other or the environments of the platform. */
export const judgeWorkload = (
  workload: Workload,
  place: string,
  environments: readonly Environment[],
  defaultBranch = 'main',
): Fault[] => [
  ...workloadFaults(workload, place, environments, defaultBranch),
  ...kindOf(workload).faults(workload, place, { environments, defaultBranch }),
];
