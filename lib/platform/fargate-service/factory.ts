import type { FargateServiceProps } from './props';

/**
 * A service on ECS whose tasks run on AWS Fargate, without instances of one's own.
 *
 * @example fargateService({ id: 'shop', source: 'services/shop', container: {…}, environments: […] })
 */
export function fargateService<const Env extends string>(
  props: Omit<FargateServiceProps<Env>, 'kind'>,
): FargateServiceProps<Env> {
  return { kind: 'fargateService', ...props };
}
