import { deliveryPipeline, type Pipeline } from '../../contract';
import type { GpuCheck } from './gpu-check';
import type { PythonTests, Tests, WorkloadFields } from './workload';

type Delivered = Pick<WorkloadFields, 'delivery' | 'environments' | 'tests'> & {
  readonly gpuCheck?: GpuCheck;
};

/** The pipeline that brings a workload to one of its environments. */
export const deliveryTo = ({ delivery, environments }: Delivered, environment: string): Pipeline =>
  deliveryPipeline({ delivery, environments: environments.map(({ name }) => name) }, environment);

/** Checks of pull requests, which are offered for Python only. */
export const checksOf = (tests: Tests | undefined): PythonTests['checks'] =>
  tests?.language === 'python' ? tests.checks : undefined;

/** The pipelines whose jobs look at an environment without deploying to it, each with what they look at. */
export function inspectionsOf(workload: Delivered, environment: string): readonly Inspection[] {
  const { delivery, environments, tests } = workload;
  const next = environments[environments.findIndex(({ name }) => name === environment) + 1];
  return [
    ...(checksOf(tests) ? [{ pipeline: 'ci', reads: 'stacks' } as const] : []),
    ...(delivery === 'byPromotion' && next
      ? [{ pipeline: deliveryTo(workload, next.name), reads: 'target' } as const]
      : []),
  ];
}

export interface Inspection {
  readonly pipeline: Pipeline;
  /** The check of the infrastructure reads templates of stacks; a promotion reads what the target runs. */
  readonly reads: 'stacks' | 'target';
}

/** Every pipeline of a workload. */
export function pipelinesOf(workload: Delivered): readonly Pipeline[] {
  const deliveries = workload.environments.map(({ name }) => deliveryTo(workload, name));
  return [
    ...(checksOf(workload.tests) ? ['ci' as const] : []),
    ...new Set(deliveries),
    'rollback',
    ...(workload.gpuCheck ? ['gpu-compatibility' as const] : []),
  ];
}
