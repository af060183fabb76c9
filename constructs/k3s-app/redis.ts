import { metadataOf, labelsOf, type Place, selectorOf } from './app-labels';
import { containerSecurity, podSecurity, resourcesOf } from './hardened-pod';
import type { Container, IService, IStatefulSet } from './kubernetes-object';
import type { K3sMemory, K3sRedis } from './props';

export const REDIS = 'redis';
export const REDIS_PORT = 6379;

/** Least limit of its memory: an empty Redis needs some MiB itself. */
export const LEAST_REDIS_MIB = 16;

/** How services reach it. */
export const REDIS_ADDRESS = `${REDIS}:${REDIS_PORT}`;

/** The copy of the official image in Amazon's public gallery, which has no limit per address. */
export const DEFAULT_REDIS_IMAGE = 'public.ecr.aws/docker/library/redis:8.2.3-alpine';

/** User and group of the official image. */
const REDIS_USER = 999;
const REDIS_GROUP = 1000;

/** A Redis that writes every second, on a volume that outlives its pod. */
export const redisOf = (place: Place, redis: K3sRedis): [IService, IStatefulSet] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(place, REDIS, REDIS),
    spec: {
      clusterIP: 'None',
      selector: selectorOf(place, REDIS),
      ports: [{ name: REDIS, port: REDIS_PORT, targetPort: REDIS }],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf(place, REDIS, REDIS),
    spec: {
      serviceName: REDIS,
      replicas: 1,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { ...selectorOf(place, REDIS) } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: {
        metadata: { labels: { ...labelsOf(place, REDIS) } },
        spec: {
          ...podSecurity(REDIS_USER, REDIS_GROUP),
          terminationGracePeriodSeconds: 30,
          containers: [container(redis)],
        },
      },
      volumeClaimTemplates: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            // Comes with K3s: a folder on the data volume of the node.
            storageClassName: 'local-path',
            resources: { requests: { storage: `${redis.storageGib}Gi` } },
          },
        },
      ],
    },
  },
];

const container = ({ image, memory }: K3sRedis): Container => ({
  name: REDIS,
  image: image ?? DEFAULT_REDIS_IMAGE,
  // The entrypoint of the image would look for root and for modules.
  command: ['redis-server'],
  args: redisArguments(memory),
  ports: [{ name: REDIS, containerPort: REDIS_PORT }],
  resources: resourcesOf({ cpu: { requestMillis: 50 }, memory, volatileMib: 0 }),
  securityContext: containerSecurity,
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
  startupProbe: { exec: { command: PING }, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 60 },
  livenessProbe: { tcpSocket: { port: REDIS }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  readinessProbe: { exec: { command: PING }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
});

/** Fails while data is being loaded, too: `-e` makes an error as answer an error of the command. */
const PING = ['redis-cli', '-e', 'ping'];

/**
 * A job that is written must not be dropped to make room, and the copy that is made for rewriting the file needs
 * memory of its own.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
const redisArguments = ({ limitMib }: K3sMemory): string[] => [
  ...['--dir', '/data'],
  ...['--appendonly', 'yes'],
  ...['--appendfsync', 'everysec'],
  ...['--save', ''],
  ...['--maxmemory', `${Math.floor(limitMib * 0.6)}mb`],
  ...['--maxmemory-policy', 'noeviction'],
  // Who may connect is the affair of the network policy.
  ...['--protected-mode', 'no'],
];
