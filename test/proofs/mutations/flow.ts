import type { Mutation } from '../sample';
import { BESIDE_SESSION_MUTATIONS } from './beside-session';
import { BUILT_IMAGE_MUTATIONS } from './built-image';
import { CAPACITY_MUTATIONS } from './capacity';
import { GATE_MUTATIONS } from './gates';
import { INPUT_MUTATIONS } from './inputs';
import { PIN_MUTATIONS } from './pins';
import { REACH_MUTATIONS } from './reach';
import { SESSION_MUTATIONS } from './session';
import { SPOT_AND_SLEEP_MUTATIONS } from './spot-and-sleep';
import { TRIGGER_MUTATIONS } from './triggers';
import { WAY_BACK_MUTATIONS } from './way-back';

/** Defects of session, reach, way back, capacity, inputs and pins. */
export const FLOW_MUTATIONS: readonly Mutation[] = [
  ...SESSION_MUTATIONS,
  ...REACH_MUTATIONS,
  ...TRIGGER_MUTATIONS,
  ...GATE_MUTATIONS,
  ...BUILT_IMAGE_MUTATIONS,
  ...WAY_BACK_MUTATIONS,
  ...CAPACITY_MUTATIONS,
  ...SPOT_AND_SLEEP_MUTATIONS,
  ...INPUT_MUTATIONS,
  ...PIN_MUTATIONS,
  ...BESIDE_SESSION_MUTATIONS,
];
