import { type App, Duration } from 'aws-cdk-lib';
import { stackNames } from '../names';
import {
  type Environment,
  type FargateService,
  type GpuService,
  instancesOf,
  type K3sApp,
  type Platform,
  type SagemakerEndpointWorkload,
  type Workload,
  type WorkloadKindName,
  type Workloads,
} from '../platform';
import { EndpointStack } from './endpoint-stack';
import { K3sStack } from './k3s-stack';
import { ModelsStack } from './models-stack';
import { GpuCheckStack } from './gpu-check-stack';
import type { NetworkStack } from './network-stack';
import type { PlatformStack } from './platform-stack';
import { ServiceStack } from './service-stack';
import type { TargetStack, TargetStackProps } from './target-stack';

/** Where the stacks of a workload are made, and what they share. */
export interface WorkloadContext<W extends Workload> {
  readonly app: App;
  readonly platform: Platform;
  readonly workload: W;
  readonly networkOf: (environment: Environment, region: string) => NetworkStack;
}

/** A workload in one of its environments. */
export type EnvironmentContext<W extends Workload> = WorkloadContext<W> & TargetStackProps<W>;

/** The stacks of a kind of workload, besides those that every workload has. */
export interface KindStacks<W extends Workload> {
  /** Once for the workload. */
  shared(context: WorkloadContext<W>): readonly PlatformStack[];
  /** SSM parameters that the pipeline owns in one environment. */
  released(settings: W['environments'][number]): readonly string[];
  /** Once for each environment. */
  target(id: string, context: EnvironmentContext<W>): TargetStack;
}

const gpuService: KindStacks<GpuService> = {
  shared: gpuCheckStack,
  released: ({ names }) => [names.releasedTaskDefinition, names.releasedImage],
  target: (id, { app, networkOf, ...props }) => {
    const { environment, settings, workload } = props;
    const placementTimeout = Duration.minutes(workload.rollout.placementTimeoutMinutes);
    return new ServiceStack(app, id, {
      ...props,
      network: networkOf(environment, workload.region),
      compute: { kind: 'gpu', ...instancesOf(settings), placementTimeout },
      gpus: workload.container.gpus,
      ...(settings.sleep && { sleep: settings.sleep }),
    });
  },
};

/** In one environment, whose GPU tasks serve nobody. */
function gpuCheckStack({
  app,
  platform,
  workload,
  networkOf,
}: WorkloadContext<GpuService>): readonly PlatformStack[] {
  const check = workload.gpuCheck;
  const environment = platform.environments.find(({ name }) => name === check?.environment);
  if (!check || !environment) return [];
  return [
    new GpuCheckStack(app, stackNames.gpuCheck(platform.name, workload.id), {
      platform,
      workload,
      check,
      environment,
      network: networkOf(environment, workload.region),
    }),
  ];
}

const fargateService: KindStacks<FargateService> = {
  shared: () => [],
  released: ({ names }) => [names.releasedTaskDefinition, names.releasedImage],
  target: (id, { app, networkOf, ...props }) =>
    new ServiceStack(app, id, {
      ...props,
      network: networkOf(props.environment, props.workload.region),
      compute: { kind: 'fargate' },
      gpus: 0,
    }),
};

const sagemakerEndpoint: KindStacks<SagemakerEndpointWorkload> = {
  shared: ({ app, platform, workload }) => [
    new ModelsStack(app, stackNames.models(platform.name, workload.id), platform, workload),
  ],
  released: ({ names }) => [names.releasedConfig, names.releasedImage, names.releasedModel],
  target: (id, { app, ...props }) => new EndpointStack(app, id, props),
};

const k3sApp: KindStacks<K3sApp> = {
  shared: () => [],
  released: ({ names }) => [names.releasedRelease],
  target: (id, { app, networkOf, ...props }) =>
    new K3sStack(app, id, { ...props, network: networkOf(props.environment, props.workload.region) }),
};

const STACKS: { readonly [K in WorkloadKindName]: KindStacks<Workloads[K]> } = {
  gpuService,
  fargateService,
  sagemakerEndpoint,
  k3sApp,
};

/** The stacks of a workload's kind, to be made for this workload only. */
export const stacksOf = (workload: Workload): KindStacks<Workload> => STACKS[workload.kind];
