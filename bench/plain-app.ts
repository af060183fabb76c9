import { App, type AppProps } from 'aws-cdk-lib';
import { PlainAccessStack, PlainNetworkStack } from './plain/account-stacks';
import { PlainImagesStack } from './plain/images-stack';
import { PlainServiceStack } from './plain/service-stack';
import type { PlainSettings } from './plain/settings';
import { PlainStateStack } from './plain/state-stack';

/**
 * The floor: the CDK app that an engineer would write by hand for the same platform, with ordinary
 * constructs of aws-cdk-lib and nothing of Lockstep. It has the same stacks and, type by type, the same
 * resources, but says nothing to any workflow.
 */
export function plainApp({ environments, services }: PlainSettings, props?: AppProps): App {
  const app = new App(props);
  const home = environments.at(-1);
  if (!home) throw new Error('a platform needs an environment');
  const built = new Map(
    environments.map((environment) => [
      environment.name,
      {
        environment,
        access: new PlainAccessStack(app, environment),
        network: new PlainNetworkStack(app, environment),
      },
    ]),
  );
  for (const service of services) {
    const others = environments.filter(
      ({ name }) => name !== home.name && service.deployments.some(({ environment }) => environment === name),
    );
    const images = new PlainImagesStack(app, service, home, others);
    const registryAccess = built.get(home.name)?.access;
    if (registryAccess) images.addStackDependency(registryAccess);
    for (const deployment of service.deployments) {
      const site = built.get(deployment.environment);
      if (!site) throw new Error(`${service.id} names the unknown environment ${deployment.environment}`);
      const state = new PlainStateStack(app, service.id, site.environment);
      const stack = new PlainServiceStack(app, {
        service: service.id,
        environment: site.environment,
        deployment,
        network: site.network,
        repositoryArn: images.repositoryArn,
      });
      stack.addStackDependency(state);
      stack.addStackDependency(site.access);
    }
  }
  return app;
}
