import type { StageFault } from '../../faults/fault';
import type { K3sEffect } from './effects';
import {
  atStart,
  COMMAND_WENT_BACK,
  CRASH,
  EARLIER,
  isCanary,
  NOTHING_STARTED,
  PIPELINE_WENT_BACK,
  strategyOf,
  SUCCEEDS,
} from './outcomes';
import { specOf } from './view';

/**
 * What goes wrong with pods and their node, in the words of Kubernetes.
 *
 * @see https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/
 */
export const POD_FAULTS: readonly StageFault<K3sEffect>[] = [
  {
    name: 'k3s:image-pull-fails',
    title: 'the node cannot pull the new images',
    effects: atStart({ kind: 'newPods', behaviour: { kind: 'pullFails', message: 'i/o timeout' } }),
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['ImagePullBackOff'] },
    also: 'everywhere',
  },
  {
    name: 'k3s:image-missing',
    title: 'the new images are deleted from the registry before the node pulls them',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'imagesDeleted' } }],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['ImagePullBackOff', 'not found'] },
  },
  {
    name: 'k3s:crash-loop',
    title: 'each new container ends with exit code 1',
    effects: atStart({ kind: 'newPods', behaviour: CRASH }),
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['CrashLoopBackOff'] },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'k3s:never-ready',
    title: 'the new pods run, and their readiness probe never passes',
    effects: atStart({ kind: 'newPods', behaviour: { kind: 'neverReady' } }),
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['progress deadline', 'Readiness probe failed'] },
  },
  {
    name: 'k3s:out-of-memory',
    title: 'each new container is killed for want of memory',
    effects: atStart({ kind: 'newPods', behaviour: { kind: 'outOfMemory', after: 20 } }),
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['OOMKilled'] },
  },
  {
    name: 'k3s:no-room',
    title: 'other pods hold the memory of the node, so that no new one finds a place',
    effects: atStart({ kind: 'noMemoryLeft' }),
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['Insufficient memory'] },
  },
  {
    name: 'k3s:slow-start',
    title: 'the new containers need a minute and a half to start',
    effects: atStart({ kind: 'newPods', behaviour: { kind: 'serves', startsAfter: 90 } }),
    outcome: SUCCEEDS,
  },
  {
    name: 'k3s:crashes-once-it-serves',
    title: 'the new version comes up, has all the traffic, and then all its containers end',
    effects: atStart({ kind: 'newPodsOnceTheyServe', behaviour: CRASH }),
    outcome: PIPELINE_WENT_BACK,
    also: 'everywhere',
    happensTo: (target) => strategyOf(target) !== 'blueGreen',
  },
  {
    name: 'k3s:crashes-while-watched',
    title: 'the new version has all the traffic, and its containers end while it is watched',
    effects: atStart({ kind: 'newPodsOnceTheyServe', behaviour: CRASH }),
    outcome: { ...COMMAND_WENT_BACK, deploySays: ['CrashLoopBackOff'] },
    also: 'everywhere',
    happensTo: (target) => strategyOf(target) === 'blueGreen',
  },
  {
    name: 'k3s:api-busy',
    title: 'the API server of the small node has too much to do, again and again',
    effects: atStart({ kind: 'api', trouble: 'busy', calls: 6, after: 2 }),
    outcome: SUCCEEDS,
  },
  {
    name: 'k3s:tls-timeout',
    title: 'the API server of the small node takes too long for the handshake of TLS, several times',
    effects: atStart({ kind: 'api', trouble: 'tlsTimeout', calls: 5, after: 4 }),
    outcome: SUCCEEDS,
  },
  {
    name: 'k3s:node-not-ready',
    title: 'the kubelet says nothing any more in the middle of the deployment',
    effects: [{ when: { secondsIntoDeployment: 5 }, effect: { kind: 'nodeNotReady' } }],
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'earlier' },
      deploySays: ['not Ready'],
      rollbackSays: ['not Ready'],
    },
  },
  {
    name: 'k3s:redis-down',
    title: 'Redis ends and does not come up any more',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'statefulPods', behaviour: CRASH } }],
    outcome: {
      ...PIPELINE_WENT_BACK,
      rollback: 'failure',
      facts: { ...EARLIER, redis: '0 of 1 ready', 'stateful sets not ready': '1' },
      deploySays: ['statefulset/redis'],
    },
    happensTo: (target) => specOf(target).statefulSets.includes('redis'),
  },
  {
    name: 'k3s:disk-full',
    title: 'the disk of the node is full, so that it cannot write down what ran before',
    effects: atStart({ kind: 'diskFull', paths: ['pending.new'] }),
    outcome: { ...NOTHING_STARTED, deploySays: ['is the disk full'], rollbackSays: ['alreadyRolledBack'] },
  },
  {
    name: 'k3s:disk-full-at-the-end',
    title: 'the disk of the node is full when the release, which was recorded, is to be written down',
    effects: atStart({ kind: 'diskFull', paths: ['current.new'] }),
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['is the disk full'] },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'canary:errors',
    title: 'one in ten answers of the new version is an error',
    effects: atStart({ kind: 'newAnswers', errors: 0.1, seconds: 0.05 }),
    outcome: { ...COMMAND_WENT_BACK, deploySays: ['errors'] },
    happensTo: isCanary,
  },
  {
    name: 'canary:slow',
    title: 'the new version takes a second for each answer',
    effects: atStart({ kind: 'newAnswers', errors: 0, seconds: 1 }),
    outcome: { ...COMMAND_WENT_BACK, deploySays: ['quantile'] },
    happensTo: isCanary,
  },
  {
    name: 'canary:no-traffic',
    title: 'nobody asks anything while the canary is watched',
    effects: atStart({ kind: 'noTraffic' }),
    outcome: { ...COMMAND_WENT_BACK, deploySays: ['too little traffic'] },
    happensTo: isCanary,
  },
  {
    name: 'k3s:rollback-target-gone',
    title: 'the new version fails after it served, and somebody has deleted the history of the earlier one',
    effects: atStart({ kind: 'historyDeleted' }, { kind: 'newPodsOnceTheyServe', behaviour: CRASH }),
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'earlier' },
      rollbackSays: ['no revision of it has the template'],
    },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'k3s:way-back-crashes',
    title: 'once the new version serves no container starts any more, not even one of the earlier version',
    effects: atStart({ kind: 'allPodsOnceNewOnesServe', behaviour: CRASH }),
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'earlier' },
      rollbackSays: ['CrashLoopBackOff'],
    },
    also: 'whereTheWayBackHasARole',
  },
];
