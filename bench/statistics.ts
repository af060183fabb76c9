/** Middle and ends of repeated measurements. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without values */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const min = sorted[0];
  const max = sorted.at(-1);
  if (upper === undefined || lower === undefined || min === undefined || max === undefined) {
    throw new RangeError('nothing was measured');
  }
  return { median: (lower + upper) / 2, min, max };
}

/** Ratio of each pair that was measured next to each other, so that a slow minute weighs on both. */
export function ratios(values: readonly number[], floors: readonly number[]): number[] {
  return values.flatMap((value, index) => {
    const floor = floors[index];
    return floor === undefined ? [] : [value / floor];
  });
}
