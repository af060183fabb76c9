import { App, type AppProps } from 'aws-cdk-lib';
import type { RenderedFile } from '../constructs/k3s-app';
import type { DeployManifest, ImageEntry } from '../contract';
import { CDK_CONTEXT } from './cdk-context';
import { manifestOf } from './manifest';
import { stackNames } from './names';
import { type Environment, type Image, isInEcr, type Platform, type Workload } from './platform';
import { AccessStack } from './stacks/access-stack';
import { dockerHubEntry } from './stacks/image-entry';
import { GpuCheckStack } from './stacks/gpu-check-stack';
import { NetworkStack } from './stacks/network-stack';
import type { PlatformStack } from './stacks/platform-stack';
import { RegistryStack } from './stacks/registry-stack';
import { StateStack } from './stacks/state-stack';
import type { TargetStack } from './stacks/target-stack';
import { stacksOf, type WorkloadContext } from './stacks/workload-stacks';

/** Both sides of a platform, from the same constructs. */
export interface BuiltPlatform {
  readonly app: App;
  readonly manifest: DeployManifest;
  /** Files that the verbs of targets read, by their paths from the repository's root. */
  readonly files: readonly RenderedFile[];
}

/**
 * Composes the stacks of a platform by life cycle: access once an account, images (models, GPU check) once a workload,
 * network once an environment and region, state and target once a workload and environment.
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
    const images: readonly Image[] = workload.images;
    const registries = images
      .filter(isInEcr)
      .map(
        (image) =>
          new RegistryStack(app, stackNames.images(platform.name, image.id), platform, workload, image),
      );
    for (const registry of registries) dependOn(registry, access.get(platform.imageAccount));
    const context = { app, platform, workload, networkOf };
    const shared = [...registries, ...stacksOf(workload).shared(context)];
    const checks = shared.filter((stack) => stack instanceof GpuCheckStack);
    for (const check of checks) dependOn(check, access.get(check.account));
    const targets = workload.environments.map((settings) => targetStack(context, settings, shared, access));
    return { registries, checks, images: imagesOf(workload, registries, targets), targets };
  });
  const manifest = manifestOf(platform, {
    roles: built.flatMap(({ registries, targets, checks }) => [
      ...[...registries, ...targets].flatMap(({ roles }) => roles),
      ...checks.map(({ role }) => role),
    ]),
    images: built.flatMap(({ images }) => images),
    targets: built.flatMap(({ targets }) => targets.map(({ target }) => target)),
    gpuChecks: built.flatMap(({ checks }) => checks.map(({ gpuCheck }) => gpuCheck)),
  });
  return { app, manifest, files: built.flatMap(({ targets }) => targets.flatMap(({ files }) => files)) };
}

/** Images at Docker Hub are in no stack: the first target that runs them speaks for them. */
function imagesOf(
  workload: Workload,
  registries: readonly RegistryStack[],
  targets: readonly TargetStack[],
): readonly ImageEntry[] {
  const constructPath = targets[0]?.target.constructPath ?? '';
  return [
    ...registries.map(({ image }) => image),
    ...workload.images.flatMap((image) =>
      image.store.registry === 'dockerHub'
        ? [dockerHubEntry(workload, image, image.store, constructPath)]
        : [],
    ),
  ];
}

/** A workload in one environment: what the pipeline owns of it, and the target itself. */
function targetStack(
  context: WorkloadContext<Workload>,
  settings: Workload['environments'][number],
  shared: readonly PlatformStack[],
  access: ReadonlyMap<string, AccessStack>,
): TargetStack {
  const { app, platform, workload } = context;
  const environment = platform.environments.find(({ name }) => name === settings.name);
  if (!environment) throw new Error(`${settings.name} passed validation without being declared`);
  const { account } = environment;
  const kind = stacksOf(workload);
  const state = new StateStack(
    app,
    stackNames.state(platform.name, workload.id, environment.name),
    { account, region: workload.region },
    kind.released(settings),
  );
  const target = kind.target(stackNames.target(platform.name, workload.id, environment.name), {
    ...context,
    environment,
    settings,
    stacksBeside: [...shared.filter((stack) => stack.account === account), state].map(
      ({ stackName }) => stackName,
    ),
  });
  target.addStackDependency(state);
  dependOn(target, access.get(account));
  return target;
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
