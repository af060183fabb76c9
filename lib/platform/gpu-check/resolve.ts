import { REVIEWED_AXES } from '../../../constructs/gpu-compatibility';
import { gpuCheckNames } from '../../names';
import { FRACTIONS, type PlatformDefaults } from '../workload-fields';
import type { GpuCheck } from './gpu-check';
import type { ParsedGpuCheck } from './schema';

/** Fills in the defaults that the props document. */
export function resolveGpuCheck(
  { id, source }: { readonly id: string; readonly source: string },
  { environment, names, taskTimeout, ...check }: ParsedGpuCheck,
  platform: PlatformDefaults,
): GpuCheck {
  return {
    environment,
    source: check.source ?? `${source}/gpu-check`,
    instanceTypes: check.instanceTypes ?? ['g4dn.xlarge'],
    cuda: check.cuda ?? REVIEWED_AXES.cuda,
    driver: check.driver ?? REVIEWED_AXES.driver,
    pytorch: check.pytorch ?? REVIEWED_AXES.pytorch,
    schedule: check.schedule ?? '17 4 * * 1',
    taskTimeoutMinutes: taskTimeout?.toMinutes(FRACTIONS) ?? 30,
    names: { ...gpuCheckNames(platform.name, id, environment), ...names },
  };
}
