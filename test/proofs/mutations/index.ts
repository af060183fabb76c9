import type { Mutation } from '../sample';
import { CALL_MUTATIONS } from './calls';
import { FLOW_MUTATIONS } from './flow';
import { SIGN_IN_MUTATIONS } from './sign-in';

/** Every seeded defect, whichever proof must find it. */
export const MUTATIONS: readonly Mutation[] = [...SIGN_IN_MUTATIONS, ...CALL_MUTATIONS, ...FLOW_MUTATIONS];
