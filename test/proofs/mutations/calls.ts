import type { Mutation } from '../sample';
import { UNKNOWN_CODE_MUTATIONS } from './beside-session';
import { ATTACHED_MUTATIONS } from './calls/attached';
import { COMPLETE_MUTATIONS } from './calls/complete';
import { MINIMAL_MUTATIONS } from './calls/minimal';
import { NAME_MUTATIONS } from './calls/names';
import { NEIGHBOUR_MUTATIONS } from './calls/neighbours';
import { STEP_MUTATIONS } from './calls/steps';

/** Defects that the proofs about names and calls must find. */
export const CALL_MUTATIONS: readonly Mutation[] = [
  ...NAME_MUTATIONS,
  ...COMPLETE_MUTATIONS,
  ...STEP_MUTATIONS,
  ...UNKNOWN_CODE_MUTATIONS,
  ...ATTACHED_MUTATIONS,
  ...MINIMAL_MUTATIONS,
  ...NEIGHBOUR_MUTATIONS,
];
