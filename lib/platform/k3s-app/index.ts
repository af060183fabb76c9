export { appProps, manifestFolder } from './construct-props';
export { k3sApp } from './factory';
export type * from './k3s-app';
export { k3sAppKind } from './kind';
export type * from './props';
export type * from './service-props';
