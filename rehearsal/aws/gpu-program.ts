import { createHash } from 'node:crypto';
import type { EcrService } from './ecr';
import type { Host, ProgramRun, Programs } from './ecs';
import { driverOf } from './ssm/public-parameters';

/** Side of the square matrices that the program multiplies. */
const SIZE = 4_096;
const FRAMES = 200;
/** Seconds that the program needs to load its libraries, and to measure. */
const LOADS = 20;
const MEASURES = 40;

/** How the program says that it found no driver. */
const NO_DRIVER = 3;

/**
 * Stands in for the program that checks a GPU: images built with `CUDA` and `PYTORCH` have it. It prints what the real one
 * prints, with figures that are made of the versions, and fails on a machine without driver. It does not judge whether the
 * versions go together.
 */
export const gpuPrograms = (ecr: EcrService): Programs => ({
  run: (image, host) => {
    const { CUDA, PYTORCH } = ecr.buildArguments(image);
    return CUDA === undefined || PYTORCH === undefined
      ? undefined
      : measured({ cuda: CUDA, pytorch: PYTORCH }, host);
  },
});

interface Versions {
  readonly cuda: string;
  readonly pytorch: string;
}

function measured({ cuda, pytorch }: Versions, host: Host | undefined): ProgramRun {
  const driver = driverOf(host?.imageId);
  if (driver === undefined) {
    const message = 'nvidia-smi: no such file';
    return { seconds: LOADS, lines: [line({ error: 'noDriver', message })], code: NO_DRIVER };
  }
  const [major = '', minor = ''] = cuda.split('.');
  const speed = shareOf(`${driver} ${cuda} ${pytorch}`);
  const teraflops = rounded(4 + speed);
  const p50Milliseconds = rounded(9 - 2 * speed);
  const figures = {
    driver,
    gpu: 'Tesla T4',
    cuda: `${major}.${minor}`,
    pytorch: `${pytorch}+cu${major}${minor}`,
    capability: '7.5',
    matmul: { size: SIZE, milliseconds: rounded((2 * SIZE ** 3) / (teraflops * 1e9)), teraflops },
    frames: {
      count: FRAMES,
      perSecond: rounded(1_000 / p50Milliseconds),
      p50Milliseconds,
      p95Milliseconds: rounded(p50Milliseconds * 1.2),
    },
  };
  return { seconds: LOADS + MEASURES, lines: ['measuring', line(figures)], code: 0 };
}

const line = (said: object): string => `GPU_CHECK ${JSON.stringify(said)}`;

/** A number from 0 to 1 that is always the same for a text. */
const shareOf = (text: string): number =>
  Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 4), 16) / 0xffff;

const rounded = (value: number): number => Math.round(value * 100) / 100;
