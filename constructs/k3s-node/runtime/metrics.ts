/** One series of Prometheus's text format with its value. */
export interface Series {
  /** The pod that has counted it; empty where none is named. */
  readonly source: string;
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** What the script of the node writes above the series of each pod of Traefik. */
const POD = /^# (pod\/\S+)$/;

/**
 * Reads Prometheus's text format. Other comments than the one that names a pod, and lines of another form, are left out.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function parseMetrics(text: string): readonly Series[] {
  let source = '';
  return text.split('\n').flatMap((line) => {
    source = POD.exec(line.trim())?.[1] ?? source;
    const [, name, labels = '', value = ''] = LINE.exec(line.trim()) ?? [];
    if (name === undefined || line.startsWith('#')) return [];
    return [{ source, name, labels: labelsOf(labels), value: numberOf(value) }];
  });
}

const labelsOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, unescaped(value)]));

const unescaped = (value: string): string =>
  value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));

/** As Prometheus writes numbers: `+Inf` and `-Inf` besides those of JavaScript. */
export const numberOf = (text: string): number => Number(text.replace(/^([+-]?)Inf$/, '$1Infinity'));

/** What one side of a route has answered. */
export interface Counts {
  readonly requests: number;
  /** Answers with a status of 500 and above. */
  readonly errors: number;
  /** Requests by the upper bound of their duration, in seconds; each bucket counts those below it too. */
  readonly buckets: ReadonlyMap<number, number>;
}

/**
 * Counts of one Service behind Traefik, over all its ports and all pods of Traefik. Traefik names it
 * `<namespace>-<service>-<port>@kubernetescrd`.
 *
 * @see https://doc.traefik.io/traefik/reference/install-configuration/observability/metrics/
 */
export function countsOf(series: readonly Series[], namespace: string, service: string): Counts {
  const prefix = `${namespace}-${service}-`;
  const own = series.filter(({ labels }) => {
    const label = labels.get('service') ?? '';
    return label.startsWith(prefix) && /^\d+@kubernetescrd$/.test(label.slice(prefix.length));
  });
  const requests = own.filter(({ name }) => name === 'traefik_service_requests_total');
  const buckets = new Map<number, number>();
  for (const { name, labels, value } of own) {
    if (name !== 'traefik_service_request_duration_seconds_bucket') continue;
    const bound = numberOf(labels.get('le') ?? '');
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
  }
  return {
    requests: sum(requests),
    errors: sum(requests.filter(({ labels }) => /^5\d\d$/.test(labels.get('code') ?? ''))),
    buckets,
  };
}

const sum = (series: readonly Series[]): number => series.reduce((total, { value }) => total + value, 0);

/**
 * What was counted between two samples. A series that has become smaller, or was not there, was begun anew by a restart: all
 * of it counts. Each is judged for itself, because what others have counted meanwhile would hide it in a sum.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#increase
 */
export function increase(before: readonly Series[], after: readonly Series[]): readonly Series[] {
  const then = new Map(before.map((series) => [keyOf(series), series.value]));
  return after.map((series) => {
    const known = then.get(keyOf(series)) ?? 0;
    return { ...series, value: series.value < known ? series.value : series.value - known };
  });
}

const keyOf = ({ source, name, labels }: Series): string =>
  JSON.stringify([source, name, [...labels].sort(([a], [b]) => (a < b ? -1 : 1))]);

/**
 * Duration below which a share of the requests stayed, in seconds, interpolated within its bucket. Undefined without
 * requests.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantile({ buckets }: Counts, share: number): number | undefined {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  let [below, counted] = [0, 0];
  for (const [bound, count] of sorted) {
    if (count >= rank) {
      // Beyond the largest bound nothing is known but that bound.
      if (!Number.isFinite(bound)) return below;
      return count === counted ? bound : below + ((bound - below) * (rank - counted)) / (count - counted);
    }
    [below, counted] = [bound, count];
  }
  return below;
}
