import type { K3sAppWorkloadProps } from './props';

/**
 * Services on one EC2 instance with K3s in each environment, which no inbound port leads to unless the platform file
 * opens one.
 *
 * @example k3sApp({ id: 'shop', source: 'services/shop', services: [{…}], environments: [{ name: 'staging' }] })
 */
export function k3sApp<const Env extends string>(
  props: Omit<K3sAppWorkloadProps<Env>, 'kind'>,
): K3sAppWorkloadProps<Env> {
  return { kind: 'k3sApp', ...props };
}
