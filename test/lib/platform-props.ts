import { Size } from 'aws-cdk-lib';
import { LockstepError } from '../../contract';
import { definePlatform, gpuService } from '../../lib';
import type { PlatformProps } from '../../lib/platform';

/** A small platform file that is accepted, and the ways to change it. */

export type Props = PlatformProps<string>;
export type Workload = Props['workloads'][number];
export type WorkloadEnvironment = Workload['environments'][number];

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

export const service = (changes: Partial<Workload> = {}): Workload => ({
  ...gpuService<string>({
    id: 'kvs-infer',
    source: 'services/kvs-infer',
    container: { port: 8080, cpu: 2048, memory: Size.gibibytes(8), health: { path: '/readyz' } },
    environments: [environmentOf()],
  }),
  ...changes,
});

export const environmentOf = (changes: Partial<WorkloadEnvironment> = {}): WorkloadEnvironment => ({
  name: 'staging',
  instanceType: 'g4dn.xlarge',
  instances: { min: 0, max: 2 },
  tasks: { desired: 1 },
  ...changes,
});

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
