import type { StageFault } from '../../faults/fault';
import type { K3sEffect } from './effects';
import { atStart, CRASH, NOTHING_STARTED, PIPELINE_WENT_BACK, pollDenied, SUCCEEDS } from './outcomes';

/**
 * What goes wrong on the way to the node, in the words of Systems Manager.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
export const COMMAND_FAULTS: readonly StageFault<K3sEffect>[] = [
  {
    name: 'ssm:agent-offline',
    title: 'the SSM agent of the node has lost its connection',
    effects: atStart({ kind: 'agent', ping: 'ConnectionLost' }),
    outcome: { ...NOTHING_STARTED, deploySays: ['NodeUnreachable', 'ConnectionLost'] },
    also: 'everywhere',
  },
  {
    name: 'ssm:undeliverable',
    title: 'Systems Manager cannot deliver the command',
    effects: atStart({ kind: 'agent', delivery: 'undeliverable' }),
    outcome: { ...NOTHING_STARTED, deploySays: ['could not deliver'] },
  },
  {
    name: 'ssm:delivery-times-out',
    title: 'the agent does not take the command in time',
    effects: atStart({ kind: 'agent', delivery: 'never' }),
    outcome: { ...NOTHING_STARTED, deploySays: ['did not take the command in time'] },
  },
  {
    name: 'ssm:execution-times-out',
    title: 'Systems Manager kills the script in the middle of the rollout',
    effects: [
      { when: 'atStart', effect: { kind: 'newPods', behaviour: { kind: 'neverReady' } } },
      { when: 'atStart', effect: { kind: 'documentTimeout', seconds: 40 } },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['SSM ended the script'] },
  },
  {
    name: 'ssm:output-truncated',
    title: 'Systems Manager shows only the first letters of what the script writes',
    effects: atStart({ kind: 'agent', outputCharacters: 10 }),
    outcome: SUCCEEDS,
  },
  {
    name: 'ssm:agent-too-old',
    title: 'the agent is of a time before parameters were variables',
    effects: atStart({ kind: 'agent', version: '3.3.2299.0' }),
    outcome: { ...NOTHING_STARTED, deploySays: ['older than 3.3.2746.0'] },
  },
  {
    name: 'ec2:two-nodes',
    title: 'a second instance has the tag of the node',
    effects: atStart({ kind: 'secondNode' }),
    outcome: { ...NOTHING_STARTED, deploySays: ['NodeNotFound', 'exactly one'] },
  },
  {
    name: 'ec2:node-stopped',
    title: 'the node was stopped',
    effects: atStart({ kind: 'nodeStopped' }),
    outcome: { ...NOTHING_STARTED, deploySays: ['NodeUnreachable', 'stopped'] },
  },
  {
    name: 'ssm:send-denied',
    title: 'the role may not send the command',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'disturb', action: 'ssm:SendCommand', disturbance: 'denied', by: 'deploy' },
      },
    ],
    outcome: { ...NOTHING_STARTED, deploySays: ['ssm:SendCommand'] },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'ssm:poll-denied',
    title: 'the role may not ask what has become of the command: it is cancelled, for nobody would follow it',
    effects: atStart(pollDenied('deploy')),
    outcome: { ...NOTHING_STARTED, deploySays: ['ssm:GetCommandInvocation'] },
    also: 'everywhere',
  },
  {
    name: 'ssm:poll-denied-on-the-way-back',
    title: 'each new container ends, and the role of the way back may not ask what has become of its command',
    effects: atStart({ kind: 'newPods', behaviour: CRASH }, pollDenied('rollback')),
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'earlier', 'node remembers': 'an open deployment' },
      rollbackSays: ['ssm:GetCommandInvocation'],
    },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'ssm:send-reset',
    title: 'the connection breaks right after Systems Manager took a command: nobody knows whether it did',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'disturb',
          action: 'ssm:SendCommand',
          disturbance: 'reset',
          by: 'deploy',
          times: 1,
          after: 1,
        },
      },
    ],
    outcome: SUCCEEDS,
  },
  {
    name: 'sts:session-expires',
    title: 'the session ends while the deployment is waited for',
    effects: [
      {
        when: { secondsIntoDeployment: 20 },
        effect: { kind: 'disturb', action: '*', disturbance: 'expired', by: 'deploy' },
      },
    ],
    outcome: {
      ...PIPELINE_WENT_BACK,
      deploySays: ['session'],
      leftovers: [
        { contains: '/runs/', because: 'nobody may delete them any more; the bucket does within two days' },
      ],
    },
    also: 'whereTheWayBackHasARole',
  },
];
