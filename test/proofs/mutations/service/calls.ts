import type { AwsCall, Verb } from '../../../../contract';
import type { Mutation, Sources } from '../../sample';
import { CANARY, defects } from './edit';

const FUNCTION = `arn:aws:lambda:us-east-1:111111111111:function:${CANARY}-verify`;
const HOOK: AwsCall = {
  action: 'iam:PassRole',
  resources: [`arn:aws:iam::111111111111:role/${CANARY}-hook`],
  context: { 'iam:PassedToService': 'ecs.amazonaws.com' },
};

const verb = (name: Verb, change: (calls: readonly AwsCall[]) => AwsCall[]) => (sample: Sources) => {
  sample.manifest = {
    ...sample.manifest,
    targets: sample.manifest.targets.map((target) =>
      target.id === 'kvs-infer-staging'
        ? { ...target, calls: { ...target.calls, [name]: change(target.calls[name]) } }
        : target,
    ),
  };
};
const without = (action: string) => (calls: readonly AwsCall[]) =>
  calls.filter((call) => call.action !== action);
const and = (call: AwsCall) => (calls: readonly AwsCall[]) => [...calls, call];
const missing = (name: Verb) => defects('P04', `calls.${name}`);
const beyond = (name: Verb) => defects('P05', `calls.${name}`);

/** Calls that a verb declares, against what a strategy, a verification and a way back need. */
export const SERVICE_CALL_MUTATIONS: readonly Mutation[] = [
  missing('verify')(
    'a verification that does not declare to ask',
    verb('verify', without('lambda:InvokeFunction')),
  ),
  missing('deploy')(
    'a deployment that does not declare to hand over the hook',
    verb('deploy', without('iam:PassRole')),
  ),
  missing('deploy')(
    'a hook that is declared for whatever service',
    verb('deploy', (calls) => [
      ...calls.filter(({ resources }) => resources[0] !== HOOK.resources[0]),
      { action: HOOK.action, resources: HOOK.resources },
    ]),
  ),
  missing('recall')(
    'a way back that does not declare to look further back',
    verb('recall', without('ecs:ListTaskDefinitions')),
  ),
  beyond('rollback')('a way back that hands over the hook', verb('rollback', and(HOOK))),
  beyond('wait')(
    'a wait that asks',
    verb('wait', and({ action: 'lambda:InvokeFunction', resources: [FUNCTION] })),
  ),
  beyond('verify')(
    'a verification that asks the function of somebody else',
    verb(
      'verify',
      and({ action: 'lambda:InvokeFunction', resources: [FUNCTION.replace('kvs-infer', 'web')] }),
    ),
  ),
  beyond('deploy')(
    'a deployment that looks at every definition',
    verb('deploy', and({ action: 'ecs:ListTaskDefinitions', resources: ['*'] })),
  ),
];
