import type { Verb } from '../../../../contract';
import type { Mutation, Sources } from '../../sample';
import { NODE_PRODUCTION as NODE } from '../workflow-names';
import { defects } from './edit';

const BUCKET = `${NODE}-runs-222222222222`;
const DOCUMENT = `arn:aws:ssm:us-east-1:222222222222:document/${NODE}`;
const INSTANCES = 'arn:aws:ec2:us-east-1:222222222222:instance/*';

type Calls = Sources['manifest']['targets'][number]['calls'];
const calls = (change: (calls: Calls) => Calls) => (sample: Sources) => {
  sample.manifest = {
    ...sample.manifest,
    targets: sample.manifest.targets.map((target) =>
      target.id === 'production-platform-production' ? { ...target, calls: change(target.calls) } : target,
    ),
  };
};
const verb = (name: Verb, change: (list: Calls['deploy']) => Calls['deploy']) =>
  calls((all) => ({ ...all, [name]: change(all[name]) }));
const declares = (owner: 'P04' | 'P05', name: string) => defects(owner, `calls.${name}`);
const SEND = { action: 'ssm:SendCommand', resources: [DOCUMENT] };
const onReleased = (action: string) => ({
  action,
  resources: [
    'arn:aws:ssm:us-east-1:222222222222:parameter/ml-platform/production/production-platform/released-release',
  ],
});

/** Calls that a verb on a node declares, against what it asks AWS for. */
export const NODE_CALL_MUTATIONS: readonly Mutation[] = [
  declares('P04', 'deploy')(
    'a deployment that declares no command',
    verb('deploy', (list) => list.filter(({ action }) => action !== 'ssm:SendCommand')),
  ),
  declares('P04', 'deploy')(
    'a command without the tag of the node',
    verb('deploy', (list) =>
      list.map(({ context, ...call }) =>
        call.action === 'ssm:SendCommand' ? call : { ...call, ...(context && { context }) },
      ),
    ),
  ),
  declares('P04', 'wait')(
    'a wait that never asks how it went',
    verb('wait', (list) => list.filter(({ action }) => action !== 'ssm:GetCommandInvocation')),
  ),
  declares('P04', 'deploy')(
    'objects that nobody deletes',
    verb('deploy', (list) => list.filter(({ action }) => action !== 's3:DeleteObject')),
  ),
  declares('P04', 'confirm')(
    'a release that is not written down',
    verb('confirm', (list) => list.filter(({ action }) => action !== 'ssm:PutParameter')),
  ),
  ...(['rollback', 'verify', 'confirm', 'status'] as const).map((name) =>
    declares('P04', name)(
      `a ${name} that does not declare to read what was released`,
      verb(name, (list) => list.filter(({ action }) => action !== 'ssm:GetParameterHistory')),
    ),
  ),
  ...(['deploy', 'wait', 'diagnose'] as const).map((name) =>
    declares('P05', name)(
      `a ${name} that declares to read what was released`,
      verb(name, (list) => [...list, onReleased('ssm:GetParameterHistory')]),
    ),
  ),
  declares('P05', 'confirm')(
    'a confirmation that declares to read the parameter, whose history it reads',
    verb('confirm', (list) => [...list, onReleased('ssm:GetParameter')]),
  ),
  declares('P05', 'rollback')(
    'a rollback that declares to write down a release',
    verb('rollback', (list) => [...list, onReleased('ssm:PutParameter')]),
  ),
  declares('P05', 'status')(
    'a look at a node that sends a command',
    verb('status', (list) => [...list, SEND]),
  ),
  declares('P05', 'deploy')(
    'a deployment that declares the whole bucket',
    verb('deploy', (list) => [...list, { action: 's3:PutObject', resources: [`arn:aws:s3:::${BUCKET}/*`] }]),
  ),
  declares('P05', 'deploy')(
    'a deployment that declares a session',
    verb('deploy', (list) => [...list, { action: 'ssm:StartSession', resources: [INSTANCES] }]),
  ),
];
