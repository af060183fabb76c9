import { type Fault, LockstepError } from '../../contract';
import { configOf } from './app-config';
import { TRACKS } from './app-labels';
import { namespaceOf } from './app-namespace';
import { deploymentOf } from './deployment';
import type { KubernetesObject } from './kubernetes-object';
import { networkPoliciesOf } from './network-policy';
import { appFaults } from './app-faults';
import { commentsOf } from './file-comments';
import type { K3sAppProps, K3sService } from './props';
import { REDIS, redisOf } from './redis';
import type { RenderedApp, RenderedFile } from './rendered-app';
import { objectFaults } from './schema-check';
import {
  autoscalerOf,
  disruptionBudgetOf,
  ingressRouteOf,
  routedIngressOf,
  serviceOf,
  weightedRouteOf,
} from './service-objects';
import { yamlOf } from './yaml-text';

/** Objects of one file. */
interface ManifestFile {
  readonly path: string;
  readonly objects: readonly KubernetesObject[];
}

/**
 * The manifests of a workload in one environment: files that Kubernetes reads, in the order of their names. The same
 * props give the same text.
 *
 * @throws LockstepError `InvalidConfiguration` for what Kubernetes would refuse or leave out, all faults at once
 */
export function renderK3sApp(app: K3sAppProps): RenderedApp {
  const faults = appFaults(app);
  if (faults.length > 0) throw new LockstepError('InvalidConfiguration', faults);
  const files = manifestFiles(app);
  const refused: readonly Fault[] = files.flatMap(({ path, objects }) =>
    objects.flatMap((object) => objectFaults(object, path)),
  );
  if (refused.length > 0) throw new LockstepError('InvalidConfiguration', refused);
  return {
    files: files.map((file) => textOf(file, app.source)),
    statefulSets: app.redis ? [REDIS] : [],
    deployments: app.services.filter((service) => !isRouted(app, service)).map(({ name }) => name),
    routed: app.services.filter((service) => isRouted(app, service)).map(({ name }) => name),
    repositories: [...new Set(app.services.map(({ image }) => image))],
  };
}

/** Whether a service has two Deployments between which its route shares the traffic. */
export const isRouted = ({ strategy }: Pick<K3sAppProps, 'strategy'>, { route }: Pick<K3sService, 'route'>) =>
  route !== undefined && strategy !== 'rolling';

/** In the order in which they are applied: what others need comes first. */
function manifestFiles(app: K3sAppProps): readonly ManifestFile[] {
  const config = configOf(app);
  const configName = String(config.metadata?.name);
  const isOneOf = (routed: boolean) => (service: K3sService) => isRouted(app, service) === routed;
  return [
    { path: '10-base/namespace.yaml', objects: [namespaceOf(app)] },
    { path: '10-base/network-policy.yaml', objects: networkPoliciesOf(app) },
    { path: '10-base/settings.yaml', objects: [config] },
    ...(app.redis ? [{ path: `20-stateful/${REDIS}.yaml`, objects: redisOf(app, app.redis) }] : []),
    ...app.services.filter(isOneOf(false)).map((service) => rollingFile(app, service, configName)),
    ...app.services.filter(isOneOf(true)).flatMap((service) => routedFiles(app, service, configName)),
  ];
}

function rollingFile(app: K3sAppProps, service: K3sService, config: string): ManifestFile {
  const { name, route, callers, autoscaler } = service;
  const isCalled = route !== undefined || (callers ?? []).length > 0;
  return {
    path: `30-deployments/${name}.yaml`,
    objects: [
      ...(isCalled ? [serviceOf(app, service)] : []),
      deploymentOf({ place: app, service, config }),
      disruptionBudgetOf(app, service),
      ...(autoscaler ? [autoscalerOf(app, service, autoscaler)] : []),
      ...(route ? [ingressRouteOf(app, service, route)] : []),
    ],
  };
}

function routedFiles(app: K3sAppProps, service: K3sService, config: string): readonly ManifestFile[] {
  const folder = `40-routed/${service.name}`;
  return [
    {
      path: `${folder}/shared.yaml`,
      objects: [...TRACKS.map((track) => serviceOf(app, service, track)), disruptionBudgetOf(app, service)],
    },
    ...TRACKS.map((track) => ({
      path: `${folder}/${track}.yaml`,
      objects: [deploymentOf({ place: app, service, config, track })],
    })),
    { path: `${folder}/route.yaml`, objects: [weightedRouteOf(app, service)] },
    // Last: as soon as it is there, requests come.
    ...(service.route
      ? [{ path: `${folder}/ingress.yaml`, objects: [routedIngressOf(app, service, service.route)] }]
      : []),
  ];
}

function textOf({ path, objects }: ManifestFile, source: string): RenderedFile {
  const head = [
    `Written by Lockstep from ${source}; change that file and run \`npx projen\`.`,
    ...commentsOf(path, objects),
  ].map((line) => `# ${line}\n`);
  return { path, text: `${head.join('')}${objects.map(yamlOf).join('---\n')}` };
}
