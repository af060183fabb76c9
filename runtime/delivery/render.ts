import type { Section } from '../report';
import type { Day, DeliveryFigures } from './figures';

/** Figures of one environment, or of everything. */
export interface NamedFigures {
  readonly name: string;
  readonly figures: DeliveryFigures;
}

const HEAD = [
  'where',
  'deployments',
  'succeeded',
  'mean duration',
  'automatic rollbacks',
  'by hand',
  'lead time',
  'time to recover',
];

/** One row for each environment, and one for all. */
export const figuresTable = (rows: readonly NamedFigures[]): Section => ({
  title: 'Deliveries',
  head: HEAD,
  rows: rows.map(({ name, figures }) => [
    name,
    String(figures.deployments),
    figures.successRate === undefined ? '–' : `${Math.round(figures.successRate * 100)} %`,
    durationText(figures.meanDuration),
    String(figures.rollbacks.automatic),
    String(figures.rollbacks.byHand),
    durationText(figures.leadTime),
    recoveryText(figures),
  ]),
});

function recoveryText({ timeToRecover, notRecovered }: DeliveryFigures): string {
  if (notRecovered === 0) return durationText(timeToRecover);
  const open = `${notRecovered} not yet`;
  return timeToRecover === undefined ? open : `${durationText(timeToRecover)}, ${open}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `45 s`, `12 min`, `3.5 h` or `2.1 d`. */
export function durationText(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '–';
  if (milliseconds < MINUTE) return `${Math.round(milliseconds / 1_000)} s`;
  if (milliseconds < HOUR) return `${Math.round(milliseconds / MINUTE)} min`;
  if (milliseconds < 48 * HOUR) return `${(milliseconds / HOUR).toFixed(1)} h`;
  return `${(milliseconds / (24 * HOUR)).toFixed(1)} d`;
}

/**
 * Bars of all deployments of a day, and a line of those that failed.
 *
 * @see https://mermaid.js.org/syntax/xyChart.html
 */
export function dayChart(days: readonly Day[]): Section {
  const most = Math.max(1, ...days.map(({ succeeded, failed }) => succeeded + failed));
  return {
    title: 'Deployments by day (bars), those that failed (line)',
    mermaid: [
      'xychart-beta',
      `  x-axis [${days.map(({ date }) => `"${date.slice(5)}"`).join(', ')}]`,
      `  y-axis "deployments" 0 --> ${most}`,
      `  bar [${days.map(({ succeeded, failed }) => succeeded + failed).join(', ')}]`,
      `  line [${days.map(({ failed }) => failed).join(', ')}]`,
    ],
    lines: days.map(({ date, succeeded, failed }) => `${date}  ${succeeded} succeeded, ${failed} failed`),
  };
}
