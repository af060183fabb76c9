import type { CanaryRule } from '../spec';
import { type Counts, countsOf, increase, parseMetrics, quantile } from './metrics';

/** What is said of a canary. `open`: too few requests to say anything. */
export interface Judgement {
  readonly verdict: 'good' | 'worse' | 'open';
  /** For people: what was compared with what. */
  readonly reasons: readonly string[];
}

/** One route and the side of it that the new version is on. */
export interface CanaryRoute {
  readonly service: string;
  readonly track: 'blue' | 'green';
}

/**
 * Judges the canaries of all routes by two samples of Traefik's metrics.
 *
 * @param before sample at the beginning of the step
 * @param after sample now
 */
export function judgeCanaries(
  rule: CanaryRule,
  namespace: string,
  routes: readonly CanaryRoute[],
  before: string,
  after: string,
): Judgement {
  const counted = increase(parseMetrics(before), parseMetrics(after));
  const between = (service: string) => countsOf(counted, namespace, service);
  const judged = routes.map(({ service, track }) => {
    const other = track === 'blue' ? 'green' : 'blue';
    const { verdict, reasons } = judgeCanary(
      rule,
      between(`${service}-${other}`),
      between(`${service}-${track}`),
    );
    return { verdict, reasons: reasons.map((reason) => `${service}: ${reason}`) };
  });
  const verdict = (['worse', 'open'] as const).find((each) => judged.some((one) => one.verdict === each));
  const telling = judged.filter((one) => verdict === undefined || one.verdict === verdict);
  return { verdict: verdict ?? 'good', reasons: telling.flatMap(({ reasons }) => reasons) };
}

/** Compares what a canary has answered in a time with what the version beside it has answered in the same time. */
export function judgeCanary(rule: CanaryRule, baseline: Counts, canary: Counts): Judgement {
  if (canary.requests < rule.minimumRequests) {
    return open(`${canary.requests} of ${rule.minimumRequests} requests that the canary must have answered`);
  }
  // With too little to compare it with, a canary would be called good or bad by chance.
  if (baseline.requests < rule.minimumRequests) {
    return open(
      `${baseline.requests} of ${rule.minimumRequests} requests that the version beside the canary must have answered`,
    );
  }
  const faults = [errorFault(rule, baseline, canary), latencyFault(rule, baseline, canary)].filter(
    (fault) => fault !== undefined,
  );
  if (faults.length > 0) return { verdict: 'worse', reasons: faults };
  return {
    verdict: 'good',
    reasons: [
      `${canary.requests} requests, ${percent(errorRate(canary))} errors beside ${percent(errorRate(baseline))}`,
    ],
  };
}

const open = (reason: string): Judgement => ({ verdict: 'open', reasons: [reason] });

/** In per cent. */
const errorRate = ({ requests, errors }: Counts): number => (100 * errors) / requests;

function errorFault({ errorRateMargin }: CanaryRule, baseline: Counts, canary: Counts): string | undefined {
  const [usual, now] = [errorRate(baseline), errorRate(canary)];
  if (now <= usual + errorRateMargin) return undefined;
  return `${percent(now)} of its answers are errors, beside ${percent(usual)} and a margin of ${errorRateMargin} percentage points`;
}

function latencyFault(
  { latencyRatio, latencyQuantile }: CanaryRule,
  baseline: Counts,
  canary: Counts,
): string | undefined {
  const [usual, now] = [quantile(baseline, latencyQuantile), quantile(canary, latencyQuantile)];
  if (usual === undefined || now === undefined || now <= usual * latencyRatio) return undefined;
  return `its ${latencyQuantile} quantile takes ${milliseconds(now)}, beside ${milliseconds(usual)} and a ratio of ${latencyRatio}`;
}

const percent = (value: number): string => `${Number(value.toFixed(2))} %`;
const milliseconds = (seconds: number): string => `${Math.round(seconds * 1_000)} ms`;
