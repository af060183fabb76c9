/** Physical names of a GPU check. */
export interface GpuCheckNames {
  /** Image repository of the combinations. */
  readonly repository: string;
  readonly cluster: string;
  /** The capacity provider of an instance type has the type behind it. */
  readonly capacityProviderPrefix: string;
  readonly taskDefinitionFamily: string;
  readonly taskRole: string;
  readonly executionRole: string;
  readonly logGroup: string;
  /** SSM parameter that the construct writes. */
  readonly declaredTaskDefinition: string;
}

/**
 * Dots may not stand in the name of a capacity provider.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html
 */
export const capacityProviderName = (
  { capacityProviderPrefix }: Pick<GpuCheckNames, 'capacityProviderPrefix'>,
  instanceType: string,
): string => `${capacityProviderPrefix}-${instanceType.replaceAll('.', '-')}`;
