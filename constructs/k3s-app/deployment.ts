import { metadataOf, labelsOf, type Place, selectorOf, type Track, trackName } from './app-labels';
import { containerSecurity, podSecurity, resourcesOf } from './hardened-pod';
import type { Container, IDeployment } from './kubernetes-object';
import type { K3sProbes, K3sService } from './props';

/** Name of the port in containers and Services. */
export const PORT_NAME = 'http';

/** User `nonroot` of distroless images. */
const USER = 65532;

/** Seconds that a pod goes on answering after it was told to end, while routes forget it. */
const DRAIN_SECONDS = 5;

/** Size of `/tmp`, the only folder that can be written. */
const TMP_MIB = 64;

export interface DeploymentOptions {
  readonly place: Place;
  readonly service: K3sService;
  /** ConfigMap with the environment of all services. */
  readonly config: string;
  /** @default - the service has one Deployment, which rolls */
  readonly track?: Track;
}

/**
 * A Deployment that starts a pod before it ends one, so that it never serves with fewer than it should, and gives up
 * when that makes no progress.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
 */
export function deploymentOf({ place, service, config, track }: DeploymentOptions): IDeployment {
  const name = track === undefined ? service.name : trackName(service.name, track);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(place, name, service.name, track),
    spec: {
      // With an autoscaler the number is Kubernetes' own: each deployment would reset it.
      ...(service.autoscaler ? {} : { replicas: service.replicas }),
      revisionHistoryLimit: 10,
      minReadySeconds: 5,
      progressDeadlineSeconds: progressSeconds(service.probes),
      selector: { matchLabels: { ...selectorOf(place, service.name, track) } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels: { ...labelsOf(place, service.name, track) } },
        spec: {
          ...podSecurity(USER, USER),
          terminationGracePeriodSeconds: 30 + DRAIN_SECONDS,
          containers: [container(service, config)],
          volumes: [{ name: 'tmp', emptyDir: { sizeLimit: `${TMP_MIB}Mi` } }],
        },
      },
    },
  };
}

const container = (service: K3sService, config: string): Container => ({
  name: service.name,
  image: service.image,
  ...(service.command ? { command: [...service.command] } : {}),
  ports: [{ name: PORT_NAME, containerPort: service.port }],
  envFrom: [{ configMapRef: { name: config } }],
  env: Object.entries({ PORT: String(service.port), ...service.environment }).map(([name, value]) => ({
    name,
    value,
  })),
  resources: resourcesOf({ ...service, volatileMib: TMP_MIB }),
  securityContext: containerSecurity,
  ...probesOf(service.probes),
  lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
});

/** Patient ones: a small node is slow to answer while it pulls an image. */
function probesOf(probes: K3sProbes): Pick<Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  const get = (path: string) => ({ httpGet: { path, port: PORT_NAME }, timeoutSeconds: 5 });
  return {
    startupProbe: {
      ...get(probes.startup ?? probes.liveness),
      periodSeconds: 2,
      failureThreshold: Math.ceil(startSeconds(probes) / 2),
    },
    livenessProbe: { ...get(probes.liveness), periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...get(probes.readiness), periodSeconds: 5, failureThreshold: 3 },
  };
}

const startSeconds = ({ startupSeconds }: K3sProbes): number => startupSeconds ?? 60;

/** How long a pod may take until it is ready, in seconds: its image is pulled first. */
export const progressSeconds = (probes: K3sProbes): number => startSeconds(probes) + 240;
