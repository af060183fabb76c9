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
  readonly deployments: readonly PlainDeployment[];
}

export interface PlainDeployment {
  readonly environment: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly minTasks: number;
  readonly maxTasks: number;
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
export const ZONES: readonly string[] = [`${REGION}a`, `${REGION}b`];
export const CIDR = '10.0.0.0/16';

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

/** The platform of `platform.config.ts` as it is delivered: a service, an endpoint and a node in staging and production. */
export const SAMPLE: PlainSettings = {
  environments: [STAGING, PRODUCTION],
  services: [
    {
      id: 'kvs-infer',
      deployments: [
        { environment: 'staging', minInstances: 0, maxInstances: 2, minTasks: 1, maxTasks: 1 },
        { environment: 'production', minInstances: 2, maxInstances: 5, minTasks: 2, maxTasks: 4 },
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
      deployments: [{ environment: 'staging', minInstances: 0, maxInstances: 2, minTasks: 1, maxTasks: 1 }],
    })),
  };
}

/** Settings by name: `sample`, or a number of services. */
export function settingsOf(size: string | undefined): PlainSettings {
  return size === undefined || size === 'sample' ? SAMPLE : manyServices(Number(size));
}
