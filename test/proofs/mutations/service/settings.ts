import type { Mutation } from '../../sample';
import type { Json } from '../k3s/edit';
import { CANARY, defects, deploying, deploymentOf, FUNCTION, LINEAR, setting, specifying } from './edit';

const differs = defects('P01', 'targets.kvs-infer-staging');
const late = defects('P07', 'targets.kvs-infer-staging');

const updating = (changes: Json, id?: string) =>
  specifying((spec) => ({ ...spec, update: { ...(spec.update as Json), ...changes } }), id);

/** What the manifest says about an update, beside what the template says. */
export const UPDATE_SETTING_MUTATIONS: readonly Mutation[] = [
  differs('a strategy that the template does not have', deploying({ Strategy: 'BLUE_GREEN' })),
  differs('another bake time', deploying({ BakeTimeInMinutes: 6 })),
  differs(
    'another share of a canary',
    deploying({ CanaryConfiguration: { CanaryPercent: 50, CanaryBakeTimeInMinutes: 10 } }),
  ),
  differs('another wait of a canary', updating({ canaryMinutes: 11 })),
  differs('another step', updating({ stepPercent: 50 }, 'web-staging'), 'targets.web-staging'),
  differs(
    'another wait between steps',
    deploying({ LinearConfiguration: { StepPercent: 20, StepBakeTimeInMinutes: 1 } }, LINEAR),
    'targets.web-staging',
  ),
  differs('fewer healthy tasks', deploying({ MinimumHealthyPercent: 50 })),
  differs(
    'more tasks at once',
    specifying((spec) => ({ ...spec, maximumPercent: 150 })),
  ),
  differs(
    'alarms that the template does not name',
    specifying((spec) => ({ ...spec, alarms: [] })),
  ),
  differs('a template without the hook', deploying({ LifecycleHooks: [] })),
  differs('a hook before tests reach the new version', (sample) => {
    const deployment = deploymentOf(sample);
    const text = JSON.stringify(deployment.LifecycleHooks);
    deployment.LifecycleHooks = JSON.parse(text.replace('POST_TEST_TRAFFIC_SHIFT', 'PRE_SCALE_UP'));
  }),
  differs('a hook by another role', (sample) => {
    const deployment = deploymentOf(sample);
    const text = JSON.stringify(deployment.LifecycleHooks);
    deployment.LifecycleHooks = JSON.parse(text.replace('ServiceHookRole', 'ServiceTaskRole'));
  }),
  differs('a version that nobody asks before it has traffic', (sample) => {
    deploying({ LifecycleHooks: [] })(sample);
    specifying((spec) => {
      const { hook: _hook, ...update } = spec.update as Json;
      return { ...spec, update };
    })(sample);
  }),
  differs('a hook that is another function than the one that verifies', (sample) => {
    specifying((spec) => ({ ...spec, verification: { functionName: 'ml-web-staging-verify' } }))(sample);
  }),
  differs('an update that nobody can read', updating({ strategy: 'magic' }), 'spec.update'),
];

/** Traffic that still moves at the deadline. */
export const SHIFT_TIME_MUTATIONS: readonly Mutation[] = [
  late('a bake that is longer than the deadline', updating({ bakeMinutes: 40 })),
  late('a canary that waits longer than the deadline', updating({ canaryMinutes: 60 })),
  late(
    'a verification that takes longer than a job waits',
    setting(FUNCTION, '', 'Timeout', 300),
    `${CANARY}/Service/Verification`,
  ),
  late(
    'steps that take longer than the deadline',
    updating({ stepPercent: 5, stepMinutes: 3 }, 'web-staging'),
    'targets.web-staging',
  ),
];
