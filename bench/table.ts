import type { BenchmarkResult, Comparison, GrowthStep, PlatformResult } from './results';
import type { StartResult } from './start-benchmark';
import type { Summary } from './statistics';

/** The result as rows of text, for the terminal and for the document alike. */

export const COMPARISON_HEAD = ['what', 'floor', 'ratio', 'least to most', 'aim', 'time', 'memory'] as const;

/** @param judge whether to say if the aim is met; one cold run is no ground for it */
export function comparisonRow({ subject, floor, ratio, aim, ...rest }: Comparison, judge: boolean): string[] {
  return [
    subject,
    floor,
    times(ratio.median),
    `${times(ratio.min)} to ${times(ratio.max)}`,
    aim === undefined ? '' : `${times(aim)}${verdict(ratio.median <= aim, judge)}`,
    `${seconds(rest.milliseconds)} over ${seconds(rest.floorMilliseconds)} s`,
    `${Math.round(rest.peakMib)} over ${Math.round(rest.floorPeakMib)} MiB`,
  ];
}

/** @param judge whether a verdict is due at all */
export const verdict = (met: boolean, judge: boolean): string => (judge ? `: ${met ? 'met' : 'missed'}` : '');

export const GROWTH_HEAD = ['what', 'workloads', 'ms per workload', 'floor'] as const;

export function growthRow({ subject, from, to, perWorkload, floorPerWorkload }: GrowthStep): string[] {
  return [subject, `${from} to ${to}`, perWorkload.toFixed(1), floorPerWorkload.toFixed(1)];
}

/** Growth by subject, so that the steps of one stand below each other. */
export function growthBySubject(steps: readonly GrowthStep[]): GrowthStep[] {
  const subjects = [...new Set(steps.map(({ subject }) => subject))];
  return subjects.flatMap((subject) => steps.filter((step) => step.subject === subject));
}

export function platformLine({ title, repetitions, alike }: PlatformResult): string {
  const runs = repetitions === 1 ? '1 repetition' : `${repetitions} repetitions`;
  const likeness =
    alike.differing.length === 0
      ? `${alike.resources} resources, type by type the same in the floor`
      : `${alike.resources} resources, ${alike.floorResources} in the floor; they differ in ${alike.differing.join(', ')}`;
  return `${title}: ${runs}; ${likeness}; templates ${alike.templateSizeRatio.toFixed(2)} × the floor's text`;
}

/** CPU time of the pipeline command beside that of Node alone. */
export function startLine(
  { subject, floor, cpu, floorCpu, repetitions, aim }: StartResult,
  judge: boolean,
): string {
  const spent = ({ median, min, max }: Summary): string =>
    `${median.toFixed(0)} ms (${min.toFixed(0)} to ${max.toFixed(0)})`;
  const runs = repetitions === 1 ? '1 repetition' : `${repetitions} repetitions`;
  return `\`${subject}\`: ${spent(cpu)} of CPU, \`${floor}\` alone ${spent(floorCpu)}; ${runs}; aim ${aim} ms${verdict(cpu.median <= aim, judge)}`;
}

export function machineLine({ machine, warmUp }: BenchmarkResult): string {
  const warm = warmUp ? 'after one warm-up each' : 'without warm-up: a smoke run, no measure of speed';
  return `${machine.cores} cores, Node ${machine.node}; whole processes in turns, ${warm}.`;
}

const times = (ratio: number): string => `${ratio.toFixed(2)} ×`;
const seconds = ({ median }: Summary): string => (median / 1000).toFixed(2);
