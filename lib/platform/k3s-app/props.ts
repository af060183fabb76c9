import type { Duration, Size } from 'aws-cdk-lib';
import type { CanaryRule, K3sRelease } from '../../../constructs/k3s-node';
import type { K3sAppNames } from '../../names';
import type { ImageOptions, SharedWorkloadProps } from '../props';
import type { K3sServiceProps, MemoryProps } from './service-props';

/** Services on one EC2 instance with K3s in each environment. */
export interface K3sAppWorkloadProps<Env extends string> extends SharedWorkloadProps {
  readonly kind: 'k3sApp';
  /** A promotion takes over one image, and a release here is all images and their manifests. @default 'throughEnvironments' */
  readonly delivery?: 'throughEnvironments';
  /** Each push to the default branch that touches the sources is delivered, and release tags are. @default false */
  readonly deployOnPush?: boolean;
  /** `go vet` and tests with the race detector, before the images are built. @default - none */
  readonly tests?: GoTestsProps;
  /** How the images of all services are built and scanned. */
  readonly image?: ImageOptions;
  /** Where images are kept. @default - one repository of ECR for each service */
  readonly registry?: { readonly dockerHub: DockerHubProps };
  readonly services: readonly K3sServiceProps[];
  /** A Redis with a persistent volume, reached as `redis:6379`. @default - none */
  readonly redis?: RedisProps;
  /** Plain settings that all services find in their environment. Secrets do not belong here. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  readonly rollout?: {
    /** Deadline of a deployment, at most 170 minutes: its rollback must fit into the six hours of a job. @default Duration.minutes(30) */
    readonly timeout?: Duration;
  };
  /** Release of K3s that the nodes install. @default { version: 'v1.35.8+k3s1' } */
  readonly k3s?: K3sRelease;
  /** How long logs are kept, in whole days that CloudWatch offers. @default Duration.days(30) */
  readonly logRetention?: Duration;
  readonly environments: readonly K3sAppEnvironmentProps<Env>[];
}

export interface GoTestsProps {
  /** Go version, such as `1.26`. */
  readonly go: string;
  /** Folders with a `go.mod`, relative to the source folder. @default - the folders of the services */
  readonly modules?: readonly string[];
}

/** Public repositories `<organization>/<workload>-<service>`, or `<organization>/<workload>` of a single service. */
export interface DockerHubProps {
  readonly organization: string;
  /** Account that pushes. */
  readonly username: string;
  /** GitHub secret with its access token. @default 'DOCKERHUB_TOKEN' */
  readonly tokenSecret?: string;
}

export interface RedisProps {
  readonly memory: MemoryProps;
  /** Size of its persistent volume, in whole GiB; it lies on the data volume of the node. */
  readonly storage: Size;
  /** Reference with tag or digest. @default - a release of Redis that is pinned by its tag */
  readonly image?: string;
}

export interface K3sAppEnvironmentProps<Env extends string> {
  readonly name: Env;
  /**
   * EC2 instance type with x86 processors. K3s needs 2 GiB.
   *
   * @see https://docs.k3s.io/installation/requirements
   * @default 't3.small'
   */
  readonly instanceType?: string;
  /** Encrypted volume with K3s's database, images and persistent volumes, in whole GiB. @default Size.gibibytes(20) */
  readonly dataVolume?: Size;
  /** Daily snapshots of the data volume that are kept, 1 to 1000. @default 7 */
  readonly keepSnapshots?: number;
  /** How long backups are kept, in whole days. @default Duration.days(30) */
  readonly keepBackups?: Duration;
  /** How services with a route go from one version to the next; the others always roll. @default { strategy: 'rolling' } */
  readonly update?: K3sUpdateProps;
  /** Pods by service, where they differ from `services`. @default - none differ */
  readonly replicas?: Readonly<Record<string, number>>;
  /** Who may reach the routes at the node itself. @default - nobody: there is no inbound rule */
  readonly inbound?: { readonly cidrs: readonly string[] };
  /** Physical names that differ from the rule `<platform>-<workload>-<environment>`. @default - by the rule */
  readonly names?: Partial<K3sAppNames>;
}

/** How a service with a route goes from one version to the next. All but `rolling` run both versions for a time. */
export type K3sUpdateProps = K3sRollingProps | K3sBlueGreenProps | K3sCanaryProps;

/** Pod by pod. */
export interface K3sRollingProps {
  readonly strategy: 'rolling';
}

/** The new version starts beside the old one, then gets all the traffic in one step. */
export interface K3sBlueGreenProps {
  readonly strategy: 'blueGreen';
  /** How long it is watched with all the traffic before the deployment has succeeded. @default Duration.minutes(5) */
  readonly bake?: Duration;
}

/**
 * The new version gets a part of the traffic, and more of it as long as it does as well as the old one. It needs
 * `inbound`: a version that nobody asks anything cannot be judged.
 */
export interface K3sCanaryProps {
  readonly strategy: 'canary';
  /** Per cent of the traffic, rising; 100 comes last by itself. @default [10, 50] */
  readonly steps?: readonly number[];
  /** How long each step is watched, at least a minute. @default Duration.minutes(5) */
  readonly step?: Duration;
  /** @default - 100 requests, one percentage point of errors, one and a half times the latency at the quantile 0.95 */
  readonly rule?: Partial<CanaryRule>;
}
