export { appFaults } from './app-faults';
export { TRACK_LABEL, TRACKS, type Track, trackName } from './app-labels';
export { progressSeconds } from './deployment';
export * from './props';
export { DEFAULT_REDIS_IMAGE } from './redis';
export { isRouted, renderK3sApp } from './render-app';
export type * from './rendered-app';
