import { resourcesOfStack, type Mutation, type SampleResource, type Sources } from '../sample';
import { set } from './set-property';
import { PRODUCTION } from './workflow-names';

/** The one resource of a type in the stack of the production service. */
function inProduction(sample: Sources, type: string): SampleResource {
  const found = Object.values(resourcesOfStack(sample, PRODUCTION)).filter((one) => one.Type === type);
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} of ${type} in ${PRODUCTION}`);
  return only;
}

const container = (sample: Sources): Record<string, unknown> => {
  const definitions = inProduction(sample, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
  const [only] = definitions as Record<string, unknown>[];
  if (!only) throw new Error('no container');
  return only;
};

/** Defects of capacity. */
export const CAPACITY_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a group without a free instance',
    owner: 'P10',
    place: `${PRODUCTION}/Service`,
    apply: (sample) => set(inProduction(sample, 'AWS::AutoScaling::AutoScalingGroup'), ['MaxSize'], '4'),
  },
  {
    name: 'a maximum that lets no task start',
    owner: 'P10',
    place: `${PRODUCTION}/Service`,
    apply: (sample) =>
      set(inProduction(sample, 'AWS::ECS::Service'), ['DeploymentConfiguration', 'MaximumPercent'], 100),
  },
  {
    name: 'more tasks than places',
    owner: 'P10',
    place: `${PRODUCTION}/Service`,
    apply: (sample) =>
      set(inProduction(sample, 'AWS::ApplicationAutoScaling::ScalableTarget'), ['MaxCapacity'], 6),
  },
  {
    name: 'a task that asks for more GPUs than an instance has',
    owner: 'P10',
    place: `${PRODUCTION}/Service`,
    apply: (sample) => {
      container(sample).ResourceRequirements = [{ Type: 'GPU', Value: '2' }];
    },
  },
  {
    name: 'a task that asks for more memory than an instance has',
    owner: 'P10',
    place: `${PRODUCTION}/Service`,
    apply: (sample) => {
      container(sample).Memory = 16_384;
    },
  },
  {
    name: 'an instance type without known GPUs',
    owner: 'P10',
    place: `${PRODUCTION}/Service`,
    apply: (sample) =>
      set(
        inProduction(sample, 'AWS::EC2::LaunchTemplate'),
        ['LaunchTemplateData', 'InstanceType'],
        'm7i.xlarge',
      ),
  },
  {
    name: 'a blue/green update without room for both versions',
    owner: 'P10',
    place: `${PRODUCTION}/Service`,
    apply: (sample) => {
      const { Properties } = inProduction(sample, 'AWS::ECS::Service');
      Properties.DeploymentConfiguration = {
        ...(Properties.DeploymentConfiguration as Record<string, unknown>),
        Strategy: 'BLUE_GREEN',
      };
    },
  },
];
