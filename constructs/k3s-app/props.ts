/** One workload in one environment, as Kubernetes is told of it. */
export interface K3sAppProps {
  /** Name of the workload, in labels and in the name of its ConfigMap. */
  readonly workload: string;
  readonly namespace: string;
  /** Source of these values, named in the head of each file, such as `platform.config.ts`. */
  readonly source: string;
  /** How services with a route go from one version to the next; the others always roll. */
  readonly strategy: 'rolling' | 'blueGreen' | 'canary';
  /** In the order in which they are applied. */
  readonly services: readonly K3sService[];
  /** A Redis with a persistent volume, reached as `redis:6379`. @default - none */
  readonly redis?: K3sRedis;
  /** What all services find in their environment. @default - none, but `REDIS_ADDRESS` where there is a Redis */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface K3sService {
  /** Name of the service among those of the workload, such as `api`. */
  readonly name: string;
  /** URI of its repository, without tag and digest: the deployer puts the digest behind it. */
  readonly image: string;
  /** Port that answers probes and requests; it is told to the container as `PORT`. */
  readonly port: number;
  /** Command and arguments. @default - those of the image */
  readonly command?: readonly string[];
  readonly replicas: number;
  readonly cpu: K3sCpu;
  readonly memory: K3sMemory;
  /** Its environment besides that of all services. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  readonly probes: K3sProbes;
  /** Other services of the workload that may call it. @default - none */
  readonly callers?: readonly string[];
  /** What it may reach outside of its namespace. @default - DNS, Redis and the services that name it as caller only */
  readonly egress?: readonly K3sEgress[];
  /** Requests from outside that Traefik sends to it. @default - none */
  readonly route?: K3sRoute;
  /** Number of pods by load. `replicas` is then left to Kubernetes. @default - `replicas` pods */
  readonly autoscaler?: K3sAutoscaler;
}

/** Addresses outside of the namespace, over TCP. The metadata service of EC2 is never part of a range. */
export interface K3sEgress {
  /** IPv4 range, such as `203.0.113.0/24`. */
  readonly cidr: string;
  /** At least one. */
  readonly ports: readonly number[];
}

/** Thousandths of a vCPU. */
export interface K3sCpu {
  readonly requestMillis: number;
  /** @default - none: a container may use what nobody else does */
  readonly limitMillis?: number;
}

export interface K3sMemory {
  readonly requestMib: number;
  /** A container that needs more is killed. */
  readonly limitMib: number;
}

/**
 * HTTP paths on the service's port.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export interface K3sProbes {
  /** A container that fails it is started anew. */
  readonly liveness: string;
  /** A pod that fails it gets no requests. */
  readonly readiness: string;
  /** Holds back the other two until it has passed once. @default - the path of `liveness` */
  readonly startup?: string;
  /** Seconds that a container may take to start. @default 60 */
  readonly startupSeconds?: number;
}

export interface K3sRoute {
  /** Host name, such as `api.example.com`. */
  readonly host: string;
  /** Beginning of the paths. @default '/' */
  readonly path?: string;
}

export interface K3sAutoscaler {
  readonly min: number;
  readonly max: number;
  /** Use of the requested CPU that is aimed at. */
  readonly cpuPercent: number;
}

export interface K3sRedis {
  readonly memory: K3sMemory;
  /** Size of its persistent volume. */
  readonly storageGib: number;
  /** Reference with tag or digest. @default DEFAULT_REDIS_IMAGE */
  readonly image?: string;
}
