import { definePlatform } from '../../lib';
import type { K3sApp } from '../../lib/platform';
import { type App, app, type AppEnvironment, appIn, appService, platformProps } from './platform-props';

/** Platforms of services on K3s in staging, and the ways to change them. */

export const platformOf = (changes: Partial<App>) => platformProps({ workloads: [app(changes)] });
export const inStaging = (changes: Partial<AppEnvironment>): Partial<App> => ({
  environments: [appIn(changes)],
});
export const resolved = (changes: Partial<App> = {}) =>
  definePlatform(platformOf(changes)).workloads[0] as K3sApp;
export const worker = appService({ name: 'worker', route: undefined });
export const dockerHub = { organization: 'octo-org', username: 'octo-bot' };
