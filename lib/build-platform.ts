import { App, type AppProps } from 'aws-cdk-lib';
import type { DeployManifest } from '../contract';
import { CDK_CONTEXT } from './cdk-context';
import { manifestOf } from './manifest';
import { stackNames } from './names';
import type { Environment, GpuService, Platform } from './platform';
import { AccessStack } from './stacks/access-stack';
import { NetworkStack } from './stacks/network-stack';
import type { PlatformStack } from './stacks/platform-stack';
import { RegistryStack } from './stacks/registry-stack';
import { ServiceStack } from './stacks/service-stack';
import { StateStack } from './stacks/state-stack';

/** Both sides of a platform, from the same constructs. */
export interface BuiltPlatform {
  readonly app: App;
  readonly manifest: DeployManifest;
}

/**
 * Composes the stacks of a platform by life cycle: access once an account, registry once a workload,
 * network once an environment and region, state and service once a workload and environment.
 */
export function buildPlatform(platform: Platform, props: AppProps = {}): BuiltPlatform {
  const app = new App({ ...props, context: { ...CDK_CONTEXT, ...props.context } });
  const access = accessStacks(app, platform);
  const networks = new Map<string, NetworkStack>();
  const networkOf = (environment: Environment, region: string): NetworkStack => {
    const key = `${environment.name} ${region}`;
    const known = networks.get(key);
    if (known) return known;
    const id = stackNames.network(
      platform.name,
      environment.name,
      region === platform.region ? undefined : region,
    );
    const made = new NetworkStack(app, id, { environment, region });
    networks.set(key, made);
    return made;
  };
  const built = platform.workloads.map((workload) => {
    const registry = new RegistryStack(
      app,
      stackNames.images(platform.name, workload.id),
      platform,
      workload,
    );
    dependOn(registry, access.get(platform.imageAccount));
    const services = workload.environments.map((settings) =>
      serviceStacks(app, platform, workload, settings, registry, networkOf, access),
    );
    return { registry, services };
  });
  const manifest = manifestOf(platform, {
    roles: built.flatMap(({ registry, services }) => [
      ...registry.roles,
      ...services.flatMap(({ roles }) => roles),
    ]),
    images: built.map(({ registry }) => registry.image),
    targets: built.flatMap(({ services }) => services.map(({ target }) => target)),
  });
  return { app, manifest };
}

function serviceStacks(
  app: App,
  platform: Platform,
  workload: GpuService,
  settings: GpuService['environments'][number],
  registry: RegistryStack,
  networkOf: (environment: Environment, region: string) => NetworkStack,
  access: ReadonlyMap<string, AccessStack>,
): ServiceStack {
  const environment = platform.environments.find(({ name }) => name === settings.name);
  if (!environment) throw new Error(`${settings.name} passed validation without being declared`);
  const state = new StateStack(
    app,
    stackNames.state(platform.name, workload.id, environment.name),
    { account: environment.account, region: workload.region },
    settings.names,
  );
  const service = new ServiceStack(app, stackNames.service(platform.name, workload.id, environment.name), {
    platform,
    workload,
    environment,
    settings,
    network: networkOf(environment, workload.region),
    repositoryArn: registry.repositoryArn,
  });
  service.addStackDependency(state);
  dependOn(service, access.get(environment.account));
  return service;
}

/** One for each account that has to be given a provider, named after the first environment in it. */
function accessStacks(app: App, platform: Platform): ReadonlyMap<string, AccessStack> {
  const accounts = [...new Set(platform.environments.map(({ account }) => account))];
  return new Map(
    accounts.flatMap((account) => {
      const environment = platform.environments.find((candidate) => candidate.account === account);
      if (!environment || environment.oidcProvider === 'import') return [];
      const stack = new AccessStack(app, stackNames.access(platform.name, environment.name), {
        account,
        region: platform.region,
      });
      return [[account, stack] as const];
    }),
  );
}

function dependOn(stack: PlatformStack, other: PlatformStack | undefined): void {
  if (other) stack.addStackDependency(other);
}
