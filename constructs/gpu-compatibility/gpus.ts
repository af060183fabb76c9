import { type Source, UNKNOWN, type Unknown } from './source';

/** A GPU model and what toolkits must be able to compile for. */
export interface Gpu {
  readonly computeCapability: string | Unknown;
  /** Families of EC2 instances that have it. */
  readonly families: readonly string[];
  readonly source: Source;
}

/**
 * GPU models of EC2 instances.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html
 */
export const GPUS = {
  T4: {
    computeCapability: '7.5',
    families: ['g4dn'],
    source: { url: 'https://developer.nvidia.com/cuda-gpus', read: '2026-11-21' },
  },
  // NVIDIA's page has the A10 (8.6) and not the A10G, which only AWS offers.
  A10G: {
    computeCapability: UNKNOWN,
    families: ['g5'],
    source: { url: 'https://developer.nvidia.com/cuda-gpus', read: '2026-11-21' },
  },
  V100: {
    computeCapability: '7.0',
    families: ['p3'],
    source: { url: 'https://developer.nvidia.com/cuda-legacy-gpus', read: '2026-11-21' },
  },
} as const satisfies Readonly<Record<string, Gpu>>;

export type GpuModel = keyof typeof GPUS;

export const GPU_MODELS = Object.keys(GPUS) as readonly GpuModel[];

/** The GPU of the g4dn family. */
export const DEFAULT_GPU: GpuModel = 'T4';
