import { LockstepError } from '../../contract/errors';
import type { GpuCheckEntry } from '../../contract/gpu-check';
import type { DeployManifest } from '../../contract/manifest';

/** @throws LockstepError `UnknownWorkload`, with those that have a GPU check */
export function findGpuCheck({ gpuChecks }: DeployManifest, workload: string): GpuCheckEntry {
  const check = gpuChecks.find((each) => each.workload === workload);
  if (check) return check;
  throw new LockstepError('UnknownWorkload', {
    place: '<workload>',
    value: JSON.stringify(workload),
    allowed: gpuChecks.map((each) => each.workload).join(', ') || '(no workload has a GPU check)',
    change: 'name a workload with `gpuCheck` in the platform file',
  });
}
