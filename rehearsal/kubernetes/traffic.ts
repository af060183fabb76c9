import { imagesOf } from './behaviour';
import type { Moment } from './moment';
import { isReady } from './pods';
import type { ManifestOf } from './schemas';
import type { ClusterState, ObjectName, PodState, Served } from './state';

/** @see https://doc.traefik.io/traefik/reference/install-configuration/observability/metrics/ */
const BUCKETS = [0.1, 0.3, 1.2, 5] as const;

const USUAL_SECONDS = 0.05;

type TraefikService = ManifestOf<'TraefikService'>;

const routes = ({ others }: ClusterState): readonly TraefikService[] =>
  others.flatMap(({ manifest }) => (manifest.kind === 'TraefikService' ? [manifest] : []));

/** One second of requests: each weighted route shares them as its weights say. */
export function liveTraffic(moment: Moment): void {
  const { state } = moment;
  for (const { metadata, spec } of routes(state)) {
    const namespace = metadata.namespace ?? '';
    const { services } = spec.weighted;
    const all = services.reduce((sum, { weight }) => sum + weight, 0);
    if (all === 0) continue;
    for (const { name, port, weight } of services) {
      const requests = Math.round((state.traffic.requestsPerSecond * weight) / all);
      if (requests > 0) serve(moment, { namespace, name }, port, requests);
    }
  }
}

function serve({ state }: Moment, service: ObjectName, port: string | number, requests: number): void {
  const { traffic } = state;
  const key = `${service.namespace}/${service.name}:${port}`;
  const served: Served = traffic.served.get(key) ?? { good: 0, bad: 0, durations: new Map() };
  traffic.served.set(key, served);
  const pods = podsBehind(state, service).filter(isReady);
  const [first] = pods;
  const rule =
    first && traffic.rules.find(({ except }) => !imagesOf(first).some((image) => except.includes(image)));
  const bad = first ? Math.round(requests * (rule?.errors ?? 0)) : requests;
  const seconds = first ? (rule?.seconds ?? USUAL_SECONDS) : 0;
  served.bad += bad;
  served.good += requests - bad;
  served.durations.set(seconds, (served.durations.get(seconds) ?? 0) + requests);
}

/** Pods that the Service selects. */
export function podsBehind(
  { others, pods }: ClusterState,
  { namespace, name }: ObjectName,
): readonly PodState[] {
  const service = others
    .map(({ manifest }) => manifest)
    .find(
      (manifest): manifest is ManifestOf<'Service'> =>
        manifest.kind === 'Service' &&
        manifest.metadata.namespace === namespace &&
        manifest.metadata.name === name,
    );
  if (!service) return [];
  const wanted = Object.entries(service.spec.selector);
  return pods.filter(
    (pod) =>
      pod.namespace === namespace &&
      wanted.every(([label, value]) => pod.template.metadata.labels[label] === value),
  );
}

/**
 * What Traefik has counted, in the text format of Prometheus.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsText({ traffic }: ClusterState): string {
  const services = [...traffic.served].map(([key, served]) => [labelOf(key), served] as const);
  return [
    '# HELP traefik_service_requests_total How many HTTP requests processed on a service, partitioned by status code, protocol, and method.',
    '# TYPE traefik_service_requests_total counter',
    ...services.flatMap(([service, { good, bad }]) => [
      ...(good > 0 ? [`traefik_service_requests_total{${labels('200', service)}} ${good}`] : []),
      ...(bad > 0 ? [`traefik_service_requests_total{${labels('500', service)}} ${bad}`] : []),
    ]),
    '# HELP traefik_service_request_duration_seconds How long it took to process the request on a service, partitioned by status code, protocol, and method.',
    '# TYPE traefik_service_request_duration_seconds histogram',
    ...services.flatMap(([service, served]) => histogram(labels('200', service), served)),
    '',
  ].join('\n');
}

/** As Traefik's provider of custom resources names a service. */
function labelOf(key: string): string {
  const [, namespace = '', name = '', port = ''] = /^([^/]+)\/([^:]+):(.+)$/.exec(key) ?? [];
  return `${namespace}-${name}-${port}@kubernetescrd`;
}

const labels = (code: string, service: string): string =>
  `code="${code}",method="GET",protocol="http",service="${service}"`;

function histogram(of: string, { durations }: Served): readonly string[] {
  const upTo = (bound: number): number =>
    [...durations].reduce((sum, [seconds, times]) => sum + (seconds <= bound ? times : 0), 0);
  const total = upTo(Number.POSITIVE_INFINITY);
  const seconds = [...durations].reduce((sum, [each, times]) => sum + each * times, 0);
  const name = 'traefik_service_request_duration_seconds';
  return [
    ...BUCKETS.map((bound) => `${name}_bucket{${of},le="${bound}"} ${upTo(bound)}`),
    `${name}_bucket{${of},le="+Inf"} ${total}`,
    `${name}_sum{${of}} ${seconds}`,
    `${name}_count{${of}} ${total}`,
  ];
}
