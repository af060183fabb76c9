import type { Cell } from './cell';
import { compareVersions, DRIVER_FORM, readVersion } from './version';

/** What a run on a host shows of a cell: that it works, or only that what was declared of it may be. */
export type HostClass = 'tested' | 'declared';

/**
 * A host has one driver. A cell counts as tested only where that driver is the cell's.
 *
 * @throws LockstepError `InvalidArgument` for a driver that is none
 */
export function hostClass({ driver }: Pick<Cell, 'driver'>, hostDriver: string): HostClass {
  const wanted = readVersion(driver, DRIVER_FORM, 'driver');
  const found = readVersion(hostDriver, DRIVER_FORM, "the host's driver");
  return compareVersions(wanted, found) === 0 ? 'tested' : 'declared';
}
