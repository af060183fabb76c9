import type { Mutation } from '../sample';
import { CALL_MUTATIONS } from './calls';
import { FLOW_MUTATIONS } from './flow';
import { ENDPOINT_CALL_MUTATIONS } from './promotion/calls';
import { CHECK_MUTATIONS } from './promotion/checks';
import { EXECUTION_ROLE_MUTATIONS } from './promotion/execution-role';
import { GUARD_MUTATIONS } from './promotion/guards';
import { START_MUTATIONS } from './promotion/starts';
import { ENDPOINT_NAME_MUTATIONS } from './promotion/endpoint-names';
import { FILE_MUTATIONS, INSPECTION_MUTATIONS } from './promotion/inspections';
import { PROMOTION_MUTATIONS } from './promotion/promotion';
import { INSPECT_TRUST_MUTATIONS } from './promotion/trust';
import { SIGN_IN_MUTATIONS } from './sign-in';

/** Every seeded defect, in groups that say what they are about. */
export const SEEDED: readonly (readonly [group: string, mutations: readonly Mutation[]])[] = [
  ['sign-in and trust', SIGN_IN_MUTATIONS],
  ['names and calls', CALL_MUTATIONS],
  ['workflows', FLOW_MUTATIONS],
  ['B01 checks of sources', CHECK_MUTATIONS],
  ['B02 sign-in of jobs without environment', INSPECT_TRUST_MUTATIONS],
  ['B03 looks at the infrastructure', INSPECTION_MUTATIONS],
  ['B05 promotion of what staging runs', PROMOTION_MUTATIONS],
  ['B06 files that a verification reads', FILE_MUTATIONS],
  ['B07 names around endpoints', ENDPOINT_NAME_MUTATIONS],
  ['B05 starts, queues and artifacts of runs', START_MUTATIONS],
  ['B07 roles of endpoints', EXECUTION_ROLE_MUTATIONS],
  ['B07 alarms, models and times of endpoints', GUARD_MUTATIONS],
  ['B07 calls on endpoints, and their capacity', ENDPOINT_CALL_MUTATIONS],
];

/** All of them, whichever proof must find them. */
export const MUTATIONS: readonly Mutation[] = SEEDED.flatMap(([, mutations]) => mutations);
