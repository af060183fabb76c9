import { type Fault, MANIFEST_PATH } from '../../contract';
import type { Resource } from '../artefacts';
import type { NodeTarget } from './spec';

/** Where a target stands in the manifest. */
export const placeOfNode = ({ target }: Pick<NodeTarget, 'target'>): string =>
  `${MANIFEST_PATH} targets.${target.id} (${target.constructPath})`;

/** A value, what may stand in its place, and the change where it is another one than usual. */
export type Wrong = readonly [value: string, allowed: string, change?: string];

/** Findings at one place. */
export const wrongAt = (place: string, change: string, wrong: readonly Wrong[]): readonly Fault[] =>
  wrong.map(([value, allowed, other]) => ({ place, value, allowed, change: other ?? change }));

/** Resources of a type in account and region of a target. */
export const besideNode = (
  { target: { account, region } }: Pick<NodeTarget, 'target'>,
  resources: readonly Resource[],
  type: string,
): readonly Resource[] =>
  resources.filter((one) => one.type === type && one.account === account && one.region === region);
