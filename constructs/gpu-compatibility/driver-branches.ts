import { DATA_CENTER_DRIVERS, type Source } from './source';
import { majorOf, type Version } from './version';

/** When NVIDIA stops mending a branch: a month, or some month before the source was read. */
export type EndOfLife = { readonly month: string } | 'ended';

/** A branch of data centre drivers: all whose first number is `branch`. */
export interface DriverBranch {
  readonly branch: number;
  readonly designation: 'long-term support' | 'production' | 'new feature' | 'not named any more';
  readonly endOfLife: EndOfLife;
  readonly source: Source;
}

const branch = (
  number: number,
  designation: DriverBranch['designation'],
  endOfLife: EndOfLife,
): DriverBranch => ({ branch: number, designation, endOfLife, source: DATA_CENTER_DRIVERS });

const ended = (number: number): DriverBranch => branch(number, 'not named any more', 'ended');

/** Oldest first. The page lists what is supported and says that every earlier branch has ended. */
export const DRIVER_BRANCHES: readonly DriverBranch[] = [
  ended(525),
  ended(530),
  branch(535, 'long-term support', { month: '2026-06' }),
  ended(545),
  ended(550),
  ended(555),
  ended(560),
  ended(565),
  branch(570, 'production', { month: '2026-02' }),
  ended(575),
  // An older edition of the page said August 2028; the earlier month is the careful one.
  branch(580, 'long-term support', { month: '2028-06' }),
  branch(595, 'production', { month: '2027-03' }),
  branch(610, 'new feature', { month: '2026-08' }),
];

/** The branch of a driver, where the reviewed table has it. */
export const branchOf = (driver: Version): DriverBranch | undefined =>
  DRIVER_BRANCHES.find(({ branch: number }) => number === majorOf(driver));
