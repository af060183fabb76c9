import { type Mutation, resourcesOfStack, type SampleResource, type Sources } from '../../sample';
import type { Json } from '../k3s/edit';
import { CANARY, defects, deploying, LINEAR, resourceIn, serviceIn, setting } from './edit';

const small = defects('P10', `${CANARY}/Service`);
const onFargate = defects('P10', `${LINEAR}/Service`);
const DEFINITION = 'AWS::ECS::TaskDefinition';
const TASKS = 'AWS::ApplicationAutoScaling::ScalableTarget';

/** Services of which two versions do not fit, and those that Fargate does not take. */
export const SHIFTING_CAPACITY_MUTATIONS: readonly Mutation[] = [
  small(
    'a canary without room for both versions',
    setting('AWS::AutoScaling::AutoScalingGroup', '', 'MaxSize', '3'),
  ),
  small('a canary of more tasks than fit twice', setting(TASKS, '', 'MaxCapacity', 3)),
  small('a strategy that ECS does not have', deploying({ Strategy: 'MAGIC' })),
  onFargate(
    'memory that Fargate does not have beside its CPU',
    setting(DEFINITION, '', 'Memory', '700', LINEAR),
  ),
  onFargate('CPU that Fargate does not have', setting(DEFINITION, '', 'Cpu', '300', LINEAR)),
  onFargate('a GPU on Fargate', (sample) => {
    const [container] = resourceIn(sample, DEFINITION, '', LINEAR).Properties.ContainerDefinitions as Json[];
    Object.assign(container ?? {}, { ResourceRequirements: [{ Type: 'GPU', Value: '1' }] });
  }),
  onFargate('tasks that Fargate takes away', (sample) => {
    serviceIn(sample, LINEAR).Properties.CapacityProviderStrategy = [
      { CapacityProvider: 'FARGATE_SPOT', Weight: 1 },
    ];
  }),
  {
    name: 'a rolling update on Fargate that lets no task start',
    owner: 'P10',
    place: 'ml-platform-devops-day3-app-production/Service',
    apply: (sample) => {
      Object.assign(serviceOfSample(sample).Properties.DeploymentConfiguration as Json, {
        MaximumPercent: 100,
        MinimumHealthyPercent: 100,
      });
    },
  },
];

function serviceOfSample(sample: Sources): SampleResource {
  const resources = resourcesOfStack(sample, 'ml-platform-devops-day3-app-production');
  const found = Object.values(resources).find(({ Type }) => Type === 'AWS::ECS::Service');
  if (!found) throw new Error('no service');
  return found;
}
