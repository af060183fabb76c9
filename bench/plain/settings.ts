/** What the plain CDK app is told: the same values that the platform file holds. */
export interface PlainSettings {
  readonly environments: readonly PlainEnvironment[];
  readonly services: readonly PlainService[];
  readonly endpoints: readonly PlainEndpoint[];
  readonly nodes: readonly PlainNode[];
}

export interface PlainEnvironment {
  readonly name: string;
  readonly account: string;
  /** Deployments by hand wait for a reviewer, so that automatic rollbacks sign in with a role of their own. */
  readonly reviewed: boolean;
  readonly natGateways: number;
}

export interface PlainService {
  readonly id: string;
  readonly region: string;
  readonly task: PlainTask;
  /** Who gets mail about deployments. @default - nobody */
  readonly mail?: readonly string[];
  readonly deployments: readonly PlainDeployment[];
  /** Where versions of CUDA, driver and PyTorch are tried. @default - nowhere */
  readonly gpuCheck?: { readonly environment: string; readonly instanceTypes: readonly string[] };
}

/** The one container of each task. On Fargate it has no GPU. */
export interface PlainTask {
  readonly cpu: number;
  readonly memoryMib: number;
  readonly gpus: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly healthPath: string;
  readonly healthCommand: string;
}

export interface PlainDeployment {
  readonly environment: string;
  /** @default - the service runs on Fargate */
  readonly instances?: PlainInstances;
  /** Hours without tasks, on weekdays. @default - the service never sleeps */
  readonly sleep?: { readonly from: number; readonly to: number; readonly timeZone: string };
  readonly minTasks: number;
  readonly maxTasks: number;
}

export interface PlainInstances {
  readonly min: number;
  readonly max: number;
  /** Types of Spot Instances. @default - g4dn.xlarge on demand */
  readonly spot?: readonly string[];
}

/** A SageMaker endpoint, by its name the same in every environment. */
export interface PlainEndpoint {
  readonly id: string;
  readonly region: string;
  readonly deployments: readonly PlainEndpointDeployment[];
}

export interface PlainEndpointDeployment {
  readonly environment: string;
  readonly minInstances: number;
  readonly maxInstances: number;
}

/** Services on K3s on an EC2 instance in each environment, deployed by hand. */
export interface PlainNode {
  readonly id: string;
  /** Names of the images that run there. */
  readonly images: readonly string[];
  readonly deployments: readonly PlainNodeDeployment[];
}

export interface PlainNodeDeployment {
  readonly environment: string;
  readonly instanceType: string;
}

/** Constants of the plain app, as an engineer would keep them beside it. */
export const PLATFORM = 'ml-platform';
export const REGION = 'us-east-1';
export const zonesOf = (region: string): string[] => [`${region}a`, `${region}b`];
export const CIDR = '10.0.0.0/16';

const DEV: PlainEnvironment = {
  name: 'dev',
  account: '333333333333',
  reviewed: false,
  natGateways: 1,
};
const STAGING: PlainEnvironment = {
  name: 'staging',
  account: '111111111111',
  reviewed: false,
  natGateways: 1,
};
const PRODUCTION: PlainEnvironment = {
  name: 'production',
  account: '222222222222',
  reviewed: true,
  natGateways: 2,
};

const GPU_TASK: PlainTask = {
  cpu: 3072,
  memoryMib: 12_288,
  gpus: 1,
  environment: { LOG_LEVEL: 'info' },
  healthPath: '/readyz',
  healthCommand: 'python -m kvs_infer.probe',
};

/** The platform of `platform.config.ts` as it is delivered: two services, an endpoint and a node. */
export const SAMPLE: PlainSettings = {
  environments: [DEV, STAGING, PRODUCTION],
  services: [
    {
      id: 'kvs-infer',
      region: REGION,
      task: GPU_TASK,
      deployments: [
        {
          environment: 'staging',
          instances: { min: 0, max: 2, spot: ['g4dn.xlarge', 'g4dn.2xlarge'] },
          sleep: { from: 20, to: 7, timeZone: 'Europe/Berlin' },
          minTasks: 1,
          maxTasks: 1,
        },
        { environment: 'production', instances: { min: 2, max: 5 }, minTasks: 2, maxTasks: 4 },
      ],
      gpuCheck: {
        environment: 'staging',
        instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge', 'g4dn.12xlarge'],
      },
    },
    {
      id: 'devops-day3-app',
      region: 'eu-west-2',
      task: {
        cpu: 256,
        memoryMib: 512,
        gpus: 0,
        environment: {},
        healthPath: '/healthz',
        healthCommand: 'node probe.js',
      },
      mail: ['on-call@example.com'],
      deployments: [
        { environment: 'dev', minTasks: 1, maxTasks: 1 },
        { environment: 'staging', minTasks: 1, maxTasks: 1 },
        { environment: 'production', minTasks: 2, maxTasks: 4 },
      ],
    },
  ],
  endpoints: [
    {
      id: 'bikeshare',
      region: 'ca-central-1',
      deployments: [
        { environment: 'staging', minInstances: 1, maxInstances: 2 },
        { environment: 'production', minInstances: 2, maxInstances: 4 },
      ],
    },
  ],
  nodes: [
    {
      id: 'production-platform',
      images: ['api', 'worker'],
      deployments: [
        { environment: 'staging', instanceType: 't3.small' },
        { environment: 'production', instanceType: 't3.medium' },
      ],
    },
  ],
};

/** A platform of so many services, each in the one environment there is. */
export function manyServices(count: number): PlainSettings {
  return {
    environments: [STAGING],
    endpoints: [],
    nodes: [],
    services: Array.from({ length: count }, (_, index) => ({
      id: `workload-${index + 1}`,
      region: REGION,
      task: GPU_TASK,
      deployments: [{ environment: 'staging', instances: { min: 0, max: 2 }, minTasks: 1, maxTasks: 1 }],
    })),
  };
}

/** Settings by name: `sample`, or a number of services. */
export function settingsOf(size: string | undefined): PlainSettings {
  return size === undefined || size === 'sample' ? SAMPLE : manyServices(Number(size));
}
