/** Runner of every job that is not close to a target. A fixed release, so that tools do not change overnight. */
export const RUNNER: readonly string[] = ['ubuntu-24.04'];
