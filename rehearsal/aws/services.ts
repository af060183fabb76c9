import type { AwsService } from './service';
import type { World } from './world';

/**
 * Every emulated service, by the name in a signature.
 *
 * @throws Error where two services have the same name, or make the same type of resource
 */
export function servicesOf(world: World): ReadonlyMap<string, AwsService> {
  const services: readonly AwsService[] = Object.values(world) as readonly AwsService[];
  refuseTwins(services.map(({ signingName }) => signingName));
  refuseTwins(services.flatMap(({ makes }) => Object.keys(makes)));
  return new Map(services.map((service) => [service.signingName, service]));
}

function refuseTwins(names: readonly string[]): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new Error(`two emulated services claim ${twin}`);
}
