export * from './calls';
export * from './instance-types';
export { K3sNode } from './k3s-node';
export * from './memory-budget';
export type { K3sNodeNames } from './names';
export type { K3sNodeProps, K3sRelease } from './props';
export {
  type CanaryRule,
  K3S_NODE_KIND,
  type K3sNodeSpec,
  type K3sStrategy,
  NODE_TAG,
  parseK3sNodeSpec,
  watchedSeconds,
} from './spec';
