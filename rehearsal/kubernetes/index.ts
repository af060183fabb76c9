export type { PodBehaviour, PodRule } from './behaviour';
export { kubectl, type KubectlEnd, type KubectlPorts } from './kubectl';
export { liveCluster } from './live';
export type { Moment, PullResult } from './moment';
export { isReady, isThere } from './pods';
export * from './state';
