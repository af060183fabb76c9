import { App, type AppProps } from 'aws-cdk-lib';
import { PlainAccessStack, PlainNetworkStack } from './plain/account-stacks';
import { PlainEndpointStack } from './plain/endpoint-stack';
import type { PlainRefs } from './plain/github-role';
import { PlainGpuCheckStack } from './plain/gpu-check-stack';
import { PlainImagesStack } from './plain/images-stack';
import { PlainModelsStack } from './plain/models-stack';
import { PlainNodeStack } from './plain/node-stack';
import { PlainServiceStack } from './plain/service-stack';
import {
  type PlainEndpoint,
  type PlainEnvironment,
  type PlainNode,
  type PlainService,
  type PlainSettings,
  REGION,
} from './plain/settings';
import { PlainStateStack } from './plain/state-stack';

/** What an environment has before anything is deployed to it. */
interface Site {
  readonly environment: PlainEnvironment;
  readonly access: PlainAccessStack;
  readonly networkIn: (region: string) => PlainNetworkStack;
}

/**
 * The floor: the CDK app that an engineer would write by hand for the same platform, with ordinary
 * constructs of aws-cdk-lib and nothing of Lockstep but the text of scripts. It has the same stacks and, type
 * by type, the same resources, but says nothing to any workflow and renders no Kubernetes manifests.
 */
export function plainApp({ environments, services, endpoints, nodes }: PlainSettings, props?: AppProps): App {
  const app = new App(props);
  const sites = environments.map((environment) => ({
    environment,
    access: new PlainAccessStack(app, environment),
    networkIn: networksOf(app, environment),
  }));
  for (const service of services) addService(app, sites, service);
  for (const endpoint of endpoints) addEndpoint(app, sites, endpoint);
  for (const node of nodes) addNode(app, sites, node);
  return app;
}

/** A network in each region in which something asks for it. */
function networksOf(app: App, environment: PlainEnvironment): Site['networkIn'] {
  const made = new Map<string, PlainNetworkStack>();
  return (region) => {
    const network = made.get(region) ?? new PlainNetworkStack(app, environment, region);
    made.set(region, network);
    return network;
  };
}

function addService(app: App, sites: readonly Site[], service: PlainService): void {
  const images = addImages(app, sites, service, `${service.id}-deploy.yml`);
  addGpuCheck(app, sites, service);
  for (const deployment of service.deployments) {
    const { environment, access, networkIn } = siteOf(sites, deployment.environment);
    const state = new PlainStateStack(app, {
      id: service.id,
      region: service.region,
      environment,
      parameters: ['released-task-definition', 'released-image'],
    });
    const stack = new PlainServiceStack(app, {
      service,
      environment,
      deployment,
      network: networkIn(service.region),
      repositoryArn: images.repositoryArn,
    });
    stack.addStackDependency(state);
    stack.addStackDependency(access);
  }
}

function addGpuCheck(app: App, sites: readonly Site[], { id, region, gpuCheck }: PlainService): void {
  if (!gpuCheck) return;
  const { environment, access, networkIn } = siteOf(sites, gpuCheck.environment);
  const { instanceTypes } = gpuCheck;
  const network = networkIn(region);
  const stack = new PlainGpuCheckStack(app, { id, region, environment, network, instanceTypes });
  stack.addStackDependency(access);
}

function addEndpoint(app: App, sites: readonly Site[], endpoint: PlainEndpoint): void {
  const [first] = endpoint.deployments;
  const images = addImages(app, sites, endpoint, `${endpoint.id}-cd-${first?.environment ?? ''}.yml`);
  const { home, others } = accountsOf(sites, endpoint);
  const models = new PlainModelsStack(app, endpoint, home, others);
  for (const [index, deployment] of endpoint.deployments.entries()) {
    const { environment, access } = siteOf(sites, deployment.environment);
    const state = new PlainStateStack(app, {
      id: endpoint.id,
      region: endpoint.region,
      environment,
      parameters: ['released-config', 'released-image', 'released-model'],
    });
    const stack = new PlainEndpointStack(app, {
      endpoint,
      environment,
      deployment,
      repositoryArn: images.repositoryArn,
      modelBucket: models.bucketName,
      workflow: `${endpoint.id}-${index === 0 ? 'cd' : 'promote'}-${environment.name}.yml`,
    });
    stack.addStackDependency(state);
    stack.addStackDependency(access);
  }
}

function addNode(app: App, sites: readonly Site[], node: PlainNode): void {
  const images = node.images.map((image) =>
    addImages(
      app,
      sites,
      { id: `${node.id}-${image}`, region: REGION, deployments: node.deployments },
      `${node.id}-deploy.yml`,
      'branch',
    ),
  );
  const { home } = accountsOf(sites, node);
  for (const deployment of node.deployments) {
    const { environment, access, networkIn } = siteOf(sites, deployment.environment);
    const state = new PlainStateStack(app, {
      id: node.id,
      region: REGION,
      environment,
      parameters: ['released-release'],
    });
    const stack = new PlainNodeStack(app, {
      node,
      environment,
      deployment,
      network: networkIn(REGION),
      repositoryArns: images.map(({ repositoryArn }) => repositoryArn),
      registry: `${home.account}.dkr.ecr.${REGION}.amazonaws.com`,
    });
    stack.addStackDependency(state);
    stack.addStackDependency(access);
  }
}

type Deployed = Pick<PlainEndpoint, 'id' | 'region'> & {
  readonly deployments: readonly { readonly environment: string }[];
};

function addImages(
  app: App,
  sites: readonly Site[],
  deployed: Deployed,
  workflow: string,
  refs?: PlainRefs,
): PlainImagesStack {
  const { id, region } = deployed;
  const images = new PlainImagesStack(app, {
    id,
    region,
    ...accountsOf(sites, deployed),
    workflow,
    ...(refs && { refs }),
  });
  const last = sites.at(-1);
  if (last) images.addStackDependency(last.access);
  return images;
}

/** The last environment keeps what all share; the others read it. */
function accountsOf(sites: readonly Site[], { deployments }: Pick<Deployed, 'deployments'>) {
  const home = sites.at(-1)?.environment;
  if (!home) throw new Error('a platform needs an environment');
  const others = sites
    .map(({ environment }) => environment)
    .filter(({ name }) => name !== home.name && deployments.some(({ environment }) => environment === name));
  return { home, others };
}

function siteOf(sites: readonly Site[], name: string): Site {
  const site = sites.find(({ environment }) => environment.name === name);
  if (!site) throw new Error(`there is no environment ${name}`);
  return site;
}
