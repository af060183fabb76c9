import { isAt } from '../../place';
import { type Input, limited, page, stringsOf } from '../../service';
import { describedInstance } from '../describe-task';
import { clusterIn } from '../lookup';
import type { Moment } from '../moment';
import { ecsArn, instanceArn, lastPart } from '../names';
import { hasRegistered } from '../placement';
import { onCapacityProviders, onClusters, onMembers } from '../questions';
import type { ClusterState, InstanceState } from '../state';
import { type MomentOf, operations, PAGED } from './operation';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeContainerInstances.html */
const DESCRIBED_AT_ONCE = 100;
const LIST_PAGE = 100;

export const clusterOperations = (moment: MomentOf) =>
  operations(moment, {
    DescribeClusters: {
      ask: onClusters('ecs:DescribeClusters', 'clusters'),
      members: ['clusters'],
      handle: ({ state }, input, call) => {
        const names = namesIn(input, 'clusters', ['default']);
        const known = (name: string) =>
          state.clusters.find(({ arn }) => arn === ecsArn(call, `cluster/${name}`));
        return {
          clusters: names.flatMap((name) => describedCluster(known(name))),
          failures: names
            .filter((name) => !known(name))
            .map((name) => ({ arn: ecsArn(call, `cluster/${name}`), reason: 'MISSING' })),
        };
      },
    },
    DescribeCapacityProviders: {
      ask: onCapacityProviders('ecs:DescribeCapacityProviders'),
      members: ['capacityProviders'],
      handle: ({ state }, input, call) => {
        const mine = state.capacityProviders.filter((each) => isAt(each, call));
        const names = namesIn(
          input,
          'capacityProviders',
          mine.map(({ name }) => name),
        );
        return {
          capacityProviders: mine
            .filter(({ name }) => names.includes(name))
            .map(({ arn, name, group, managedScaling }) => ({
              capacityProviderArn: arn,
              name,
              status: 'ACTIVE',
              autoScalingGroupProvider: {
                autoScalingGroupArn: group,
                managedScaling: { status: managedScaling ? 'ENABLED' : 'DISABLED' },
              },
            })),
          failures: [],
        };
      },
    },
    ListContainerInstances: {
      ask: onClusters('ecs:ListContainerInstances', 'cluster'),
      members: ['cluster', ...PAGED],
      handle: (now, input, call) => {
        const cluster = clusterIn(now, input, call);
        const { items, ...token } = page(input, instancesOf(now, cluster), LIST_PAGE);
        return { ...token, containerInstanceArns: items.map(({ id }) => instanceArn(cluster, id)) };
      },
    },
    DescribeContainerInstances: {
      ask: onMembers('ecs:DescribeContainerInstances', 'containerInstances', 'container-instance'),
      members: ['cluster', 'containerInstances'],
      handle: (now, input, call) => {
        const cluster = clusterIn(now, input, call);
        const ids = limited(input, 'containerInstances', DESCRIBED_AT_ONCE).map(lastPart);
        const found = instancesOf(now, cluster).filter(({ id }) => ids.includes(id));
        const lost = ids.filter((id) => !found.some((each) => each.id === id));
        return {
          containerInstances: found.map((instance) => describedInstance(now, instance)),
          failures: lost.map((id) => ({ arn: instanceArn(cluster, id), reason: 'MISSING' })),
        };
      },
    },
  });

/** An instance is part of the cluster once its agent has registered it. */
const instancesOf = (moment: Moment, cluster: ClusterState): readonly InstanceState[] =>
  moment.state.instances.filter((each) => each.cluster === cluster.arn && hasRegistered(moment, each));

const namesIn = (input: Input, field: string, fallback: readonly string[]): readonly string[] =>
  (input[field] === undefined ? fallback : stringsOf(input, field)).map(lastPart);

const describedCluster = (cluster: ClusterState | undefined): readonly object[] =>
  cluster
    ? [
        {
          clusterArn: cluster.arn,
          clusterName: cluster.name,
          status: 'ACTIVE',
          capacityProviders: cluster.capacityProviders.map(lastPart),
        },
      ]
    : [];
