import { Duration, Size } from 'aws-cdk-lib';
import { LockstepError } from '../../contract';
import { definePlatform, fargateService, gpuService, k3sApp, sagemakerEndpoint } from '../../lib';
import type {
  FargateServiceProps,
  GpuServiceProps,
  K3sAppWorkloadProps,
  PlatformProps,
  SagemakerEndpointWorkloadProps,
} from '../../lib/platform';

/** A small platform file that is accepted, and the ways to change it. */

export type Props = PlatformProps<string>;
export type Service = GpuServiceProps<string>;
export type ServiceEnvironment = Service['environments'][number];
export type Fargate = FargateServiceProps<string>;
export type FargateEnvironment = Fargate['environments'][number];
export type Endpoint = SagemakerEndpointWorkloadProps<string>;
export type EndpointEnvironment = Endpoint['environments'][number];
export type App = K3sAppWorkloadProps<string>;
export type AppService = App['services'][number];
export type AppEnvironment = App['environments'][number];

export const platformProps = (changes: Partial<Props> = {}): Props => ({
  name: 'ml',
  region: 'us-east-1',
  repository: { owner: 'octo-org', name: 'ml-platform' },
  environments: [
    { name: 'staging', account: '111111111111' },
    { name: 'production', account: '222222222222' },
  ],
  workloads: [service()],
  ...changes,
});

export const service = (changes: Partial<Service> = {}): Service => ({
  ...gpuService<string>({
    id: 'kvs-infer',
    source: 'services/kvs-infer',
    container: { port: 8080, cpu: 2048, memory: Size.gibibytes(8), health: { path: '/readyz' } },
    environments: [environmentOf()],
  }),
  ...changes,
});

type EnvironmentChanges = Partial<Omit<ServiceEnvironment, 'instanceType' | 'instanceTypes'>>;

export const environmentOf = (
  changes: EnvironmentChanges & { readonly instanceType?: string } = {},
): ServiceEnvironment => ({
  name: 'staging',
  instanceType: 'g4dn.xlarge',
  instances: { min: 0, max: 2 },
  tasks: { desired: 1 },
  ...changes,
});

/** Like it, on whichever of two types AWS has. */
export const mixedEnvironment = (
  changes: EnvironmentChanges = {},
  instanceTypes: readonly [string, string] = ['g4dn.xlarge', 'g4dn.2xlarge'],
): ServiceEnvironment => ({
  name: 'staging',
  instanceTypes,
  instances: { min: 0, max: 2 },
  tasks: { desired: 1 },
  ...changes,
});

export const fargate = (changes: Partial<Fargate> = {}): Fargate => ({
  ...fargateService<string>({
    id: 'web',
    source: 'services/web',
    container: { port: 8080, cpu: 256, memory: Size.mebibytes(512), health: { path: '/healthz' } },
    environments: [fargateIn()],
  }),
  ...changes,
});

export const fargateIn = (changes: Partial<FargateEnvironment> = {}): FargateEnvironment => ({
  name: 'staging',
  tasks: { desired: 1 },
  ...changes,
});

export const endpoint = (changes: Partial<Endpoint> = {}): Endpoint => ({
  ...sagemakerEndpoint<string>({
    id: 'bikeshare',
    source: 'services/bikeshare',
    verification: {
      payload: 'payload.json',
      schema: 'answer.schema.json',
      latencyBudget: Duration.millis(500),
    },
    environments: [endpointIn()],
  }),
  ...changes,
});

export const endpointIn = (changes: Partial<EndpointEnvironment> = {}): EndpointEnvironment => ({
  name: 'staging',
  instanceType: 'ml.m5.large',
  instances: { min: 2, max: 4 },
  update: { strategy: 'canary' },
  ...changes,
});

export const app = (changes: Partial<App> = {}): App => ({
  ...k3sApp<string>({
    id: 'shop',
    source: 'services/shop',
    services: [appService(), appService({ name: 'worker', route: undefined })],
    environments: [appIn()],
  }),
  ...changes,
});

export const appService = (changes: Partial<AppService> = {}): AppService => ({
  name: 'api',
  cpu: { request: 100 },
  memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
  probes: { liveness: '/healthz', readiness: '/readyz' },
  route: { host: 'shop.example.com' },
  ...changes,
});

export const appIn = (changes: Partial<AppEnvironment> = {}): AppEnvironment => ({
  name: 'staging',
  ...changes,
});

type Path = readonly (string | number)[];

/** Paths of every field, list and part of it below a value. */
export function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const parts =
    typeof value !== 'object' || value === null || value instanceof Duration || value instanceof Size
      ? []
      : Object.entries(value).map(
          ([key, part]) => [Array.isArray(value) ? Number(key) : key, part as unknown] as const,
        );
  return parts.flatMap(([key, part]) => [[...path, key], ...pathsIn(part, [...path, key])]);
}

/** A copy in which nothing stands at a path. */
export const withNull = <T>(value: T, path: Path): T => withValue(value, path, null);

/** A copy with something else at a path. */
export function withValue<T>(value: T, [step, ...rest]: Path, replacement: unknown): T {
  if (step === undefined) return replacement as T;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<
    Path[number],
    unknown
  >;
  copy[step] = withValue(copy[step], rest, replacement);
  return copy as T;
}

/** The error that the platform is refused with. */
export function faultsOf(props: unknown): LockstepError {
  try {
    definePlatform(props as Props);
  } catch (error) {
    if (LockstepError.is(error)) return error;
    throw error;
  }
  throw new Error('the platform passed');
}
