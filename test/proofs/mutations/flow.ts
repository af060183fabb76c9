import type { Mutation } from '../sample';
import { CAPACITY_MUTATIONS } from './capacity';
import { INPUT_MUTATIONS } from './inputs';
import { PIN_MUTATIONS } from './pins';
import { REACH_MUTATIONS } from './reach';
import { SESSION_MUTATIONS } from './session';
import { WAY_BACK_MUTATIONS } from './way-back';

/** Defects of session, reach, way back, capacity, inputs and pins. */
export const FLOW_MUTATIONS: readonly Mutation[] = [
  ...SESSION_MUTATIONS,
  ...REACH_MUTATIONS,
  ...WAY_BACK_MUTATIONS,
  ...CAPACITY_MUTATIONS,
  ...INPUT_MUTATIONS,
  ...PIN_MUTATIONS,
];
