import { z } from 'zod';

/** Starts the one line by which the program in the image says what it found. */
export const FIGURES_PREFIX = 'GPU_CHECK ';

/** Within what a chart can draw: Mermaid reads no exponents. */
const positive = z.number().min(0.000_001).max(1e12);

export const figuresSchema = z.object({
  /** Driver of the host, as `nvidia-smi` names it. */
  driver: z.string().regex(/^\d{1,6}(\.\d{1,6}){1,2}$/),
  gpu: z.string().min(1).max(100),
  /** Minor line of the CUDA runtime that PyTorch was built with. */
  cuda: z.string().regex(/^\d{1,6}\.\d{1,6}$/),
  /** With the build behind a plus: `2.4.0+cu121`. */
  pytorch: z.string().regex(/^\d{1,6}(\.\d{1,6}){1,2}([+a-z].{0,50})?$/),
  /** Compute capability of the GPU. */
  capability: z.string().regex(/^\d{1,3}\.\d{1,3}$/),
  /** A product of two square matrices, the mean of several. */
  matmul: z.object({ size: z.int().positive(), milliseconds: positive, teraflops: positive }),
  /** Frames that went through a small network one by one. */
  frames: z.object({
    count: z.int().positive(),
    perSecond: positive,
    p50Milliseconds: positive,
    p95Milliseconds: positive,
  }),
});

export type GpuFigures = z.infer<typeof figuresSchema>;

const faultSchema = z.object({ error: z.string().min(1).max(100), message: z.string().default('') });

/** What the program said: figures, an error by its name, or nothing that can be read. */
export type Said =
  | { readonly kind: 'figures'; readonly figures: GpuFigures }
  | { readonly kind: 'error'; readonly error: string; readonly message: string }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'nothing' };

/**
 * The last line of the program's own among the lines that a container wrote. What else is on it is kept out of the figures.
 *
 * @param lines oldest first
 */
export function saidIn(lines: readonly string[]): Said {
  const line = lines.findLast((each) => each.startsWith(FIGURES_PREFIX));
  if (line === undefined) return { kind: 'nothing' };
  const document = parsed(line.slice(FIGURES_PREFIX.length));
  const fault = faultSchema.safeParse(document);
  if (fault.success) return { kind: 'error', ...fault.data };
  const figures = figuresSchema.safeParse(document);
  return figures.success ? { kind: 'figures', figures: figures.data } : { kind: 'unreadable' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
