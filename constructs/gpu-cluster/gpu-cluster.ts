import { type AsgCapacityProvider, Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { GpuCapacity, type GpuCapacityProps } from './gpu-capacity';

export interface GpuClusterProps extends Omit<GpuCapacityProps, 'cluster'> {
  readonly clusterName: string;
}

/** ECS cluster whose capacity comes from GPU instances of one group. */
export class GpuCluster extends Construct {
  readonly cluster: Cluster;
  readonly capacityProvider: AsgCapacityProvider;

  constructor(scope: Construct, id: string, { clusterName, ...capacity }: GpuClusterProps) {
    super(scope, id);
    this.cluster = new Cluster(this, 'Cluster', {
      clusterName,
      vpc: capacity.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    // `Default` leaves no trace in logical ids: the group is the cluster's only one.
    const { capacityProvider } = new GpuCapacity(this, 'Default', { cluster: this.cluster, ...capacity });
    this.capacityProvider = capacityProvider;
    this.cluster.addDefaultCapacityProviderStrategy([
      { capacityProvider: capacityProvider.capacityProviderName, weight: 1 },
    ]);
  }
}
