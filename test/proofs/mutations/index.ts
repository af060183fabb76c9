import type { Mutation } from '../sample';
import { CALL_MUTATIONS } from './calls';
import { FLOW_MUTATIONS } from './flow';
import { CHANNEL_SECRET_MUTATIONS, NOTIFY_MUTATIONS, SLEEP_MUTATIONS, TOPIC_MUTATIONS } from './notices';
import { ENDPOINT_CALL_MUTATIONS } from './promotion/calls';
import { CHECK_CALL_MUTATIONS, CHECK_NAME_MUTATIONS, CHECK_ROOM_MUTATIONS } from './gpu-check/infrastructure';
import {
  CHECK_BUILD_MUTATIONS,
  CHECK_INPUT_MUTATIONS,
  CHECK_RESULT_MUTATIONS,
  CHECK_RUN_MUTATIONS,
} from './gpu-check/workflow';
import { GO_MUTATIONS, STARTED_BY_HAND_MUTATIONS } from './k3s/delivery';
import { DOCKER_HUB_MUTATIONS } from './k3s/docker-hub';
import { SEVERAL_IMAGES_MUTATIONS } from './k3s/images';
import { LOST_NODE_MUTATIONS, OPEN_NODE_MUTATIONS, SMALL_NODE_MUTATIONS } from './k3s/machine';
import { DOCUMENT_MUTATIONS, NODE_NAME_MUTATIONS } from './k3s/node';
import { NODE_CALL_MUTATIONS } from './k3s/calls';
import { NODE_REACH_MUTATIONS, NODE_ROLE_MUTATIONS, NODE_STRANGER_MUTATIONS } from './k3s/roles';
import { HARDENING_MUTATIONS, OBJECT_REFERENCE_MUTATIONS } from './k3s/objects';
import { CHECK_MUTATIONS } from './promotion/checks';
import { EXECUTION_ROLE_MUTATIONS } from './promotion/execution-role';
import { GUARD_MUTATIONS } from './promotion/guards';
import { START_MUTATIONS } from './promotion/starts';
import { ENDPOINT_NAME_MUTATIONS } from './promotion/endpoint-names';
import { FILE_MUTATIONS, INSPECTION_MUTATIONS } from './promotion/inspections';
import { PROMOTION_MUTATIONS } from './promotion/promotion';
import { INSPECT_TRUST_MUTATIONS } from './promotion/trust';
import { SERVICE_CALL_MUTATIONS } from './service/calls';
import { SHIFTING_CAPACITY_MUTATIONS } from './service/capacity';
import { COMMIT_ROLLBACK_MUTATIONS } from './service/commit';
import { NODE_TEST_MUTATIONS } from './service/delivery';
import { VERIFICATION_CODE_MUTATIONS } from './service/function';
import { SERVICE_ROLE_MUTATIONS } from './service/roles';
import { SHIFT_TIME_MUTATIONS, UPDATE_SETTING_MUTATIONS } from './service/settings';
import { TEST_LISTENER_MUTATIONS, VERIFICATION_REACH_MUTATIONS } from './service/reach';
import { SERVICE_ALARM_MUTATIONS, TRAFFIC_MUTATIONS } from './service/traffic';
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
  ['E01 starts by hand', STARTED_BY_HAND_MUTATIONS],
  ['E02 tests in Go', GO_MUTATIONS],
  ['E03 several images', SEVERAL_IMAGES_MUTATIONS],
  ['E03 images at Docker Hub', DOCKER_HUB_MUTATIONS],
  ['E04 names around nodes', NODE_NAME_MUTATIONS],
  ['E04 calls on nodes', NODE_CALL_MUTATIONS],
  ['E04 what the roles of a node reach', NODE_REACH_MUTATIONS],
  ['E04 who else reaches a node', NODE_STRANGER_MUTATIONS],
  ['E05 the document of a node', DOCUMENT_MUTATIONS],
  ['E09 what rendered objects name', OBJECT_REFERENCE_MUTATIONS],
  ['E09 rights of pods', HARDENING_MUTATIONS],
  ['E08 doors of a node', OPEN_NODE_MUTATIONS],
  ['E08 the role of a node', NODE_ROLE_MUTATIONS],
  ['E08 data of a node', LOST_NODE_MUTATIONS],
  ['E10 capacity and times of a node', SMALL_NODE_MUTATIONS],
  ['D01 scripts of a package', NODE_TEST_MUTATIONS],
  ['D03 the way from a commit to its image', COMMIT_ROLLBACK_MUTATIONS],
  ['D04 settings of a strategy', UPDATE_SETTING_MUTATIONS],
  ['D04 traffic that ECS moves', TRAFFIC_MUTATIONS],
  ['D04 alarms of a deployment', SERVICE_ALARM_MUTATIONS],
  ['D04 what asks a new version', VERIFICATION_REACH_MUTATIONS],
  ['D04 strangers on the listener for tests', TEST_LISTENER_MUTATIONS],
  ['D04 calls on a service', SERVICE_CALL_MUTATIONS],
  ['D04 roles around a service', SERVICE_ROLE_MUTATIONS],
  ['D04 the code that judges a version', VERIFICATION_CODE_MUTATIONS],
  ['D04 room and time of a strategy', [...SHIFTING_CAPACITY_MUTATIONS, ...SHIFT_TIME_MUTATIONS]],
  ['D04 times at which a service sleeps', SLEEP_MUTATIONS],
  ['A10 names around a GPU check', CHECK_NAME_MUTATIONS],
  ['A10 runs of a GPU check', CHECK_RUN_MUTATIONS],
  ['A10 images of a GPU check', CHECK_BUILD_MUTATIONS],
  ['A11 results of a GPU check', CHECK_RESULT_MUTATIONS],
  ['A10 inputs and sessions of a GPU check', CHECK_INPUT_MUTATIONS],
  ['A10 calls of a GPU check', CHECK_CALL_MUTATIONS],
  ['A10 instances of a GPU check', CHECK_ROOM_MUTATIONS],
  ['D01 news of deployments', NOTIFY_MUTATIONS],
  ['D06 secrets of channels', CHANNEL_SECRET_MUTATIONS],
  ['D06 topics of mail', TOPIC_MUTATIONS],
];

/** All of them, whichever proof must find them. */
export const MUTATIONS: readonly Mutation[] = SEEDED.flatMap(([, mutations]) => mutations);
