import { CUDA_MAJORS } from './cuda-toolkits';
import { type Gpu, type GpuModel, GPUS } from './gpus';
import type { Finding, Reason } from './judgement';
import { CUDA_RELEASE_NOTES, type Source, UNKNOWN } from './source';
import { compareVersions, majorOf, readVersion, type Version } from './version';

const reason = (text: string, source: Source): Reason => ({ rule: 'computeCapability', text, source });

const capability = (text: string): Version =>
  readVersion(text, { of: 'a compute capability', example: '7.5', length: [2, 2] }, 'reviewed capability');

/**
 * Whether the toolkits of a major version still know the architecture of the GPU.
 *
 * @see https://developer.nvidia.com/cuda-gpus
 */
export function judgeComputeCapability(cuda: Version, model: GpuModel): Finding {
  const gpu: Gpu = GPUS[model];
  const major = CUDA_MAJORS.find((candidate) => candidate.major === majorOf(cuda));
  if (major === undefined) {
    const text = `nothing was reviewed of the GPUs that CUDA ${majorOf(cuda)} knows`;
    return { outcome: 'unknown', reason: reason(text, CUDA_RELEASE_NOTES) };
  }
  if (gpu.computeCapability === UNKNOWN) {
    const text = `the compute capability of ${model} stands in no reviewed source`;
    return { outcome: 'unknown', reason: reason(text, gpu.source) };
  }
  const { version: lowest, source } = major.lowestComputeCapability;
  if (compareVersions(capability(gpu.computeCapability), capability(lowest)) >= 0) {
    return { outcome: 'holds', notes: [] };
  }
  const text = `CUDA ${major.major} knows GPUs from compute capability ${lowest} on; ${model} has ${gpu.computeCapability}`;
  return { outcome: 'refuses', reason: reason(text, source) };
}
