import type { Fault } from '../../../contract';
import type { Resource, Value } from '../../artefacts';
import type { FargateService } from './fargate';
import { type InstanceGroup, instanceGroup } from './instance-group';
import type { TaskSize } from './instance-types';
import { type TaskCount, taskCount } from './task-count';
import { follow, TemplateIndex } from './template-index';
import { list, number, type Properties, record, said, Unreadable, unreadable } from './template-values';

/** What counts of a service, wherever its tasks run. */
export interface CountedService {
  readonly resource: Resource;
  readonly size: TaskSize;
  /** Fewest and most tasks that it may have. */
  readonly tasks: TaskCount;
  readonly strategy: 'ROLLING' | 'BLUE_GREEN' | 'CANARY' | 'LINEAR';
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
}

/** A service on instances of one's own, as its template makes it. */
export interface PlacedService extends CountedService {
  readonly launch: 'instances';
  readonly group: InstanceGroup;
}

export type ReadService =
  PlacedService | FargateService | { readonly launch: 'unread'; readonly fault: Fault };

const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'CANARY', 'LINEAR'] as const;
/** What ECS takes where a service names no percentages. */
const DEFAULT_MINIMUM = 100;
const DEFAULT_MAXIMUM = 200;

/** Every ECS service of the templates. What cannot be read is a fault, never a service that fits. */
export function servicesOf(resources: readonly Resource[]): readonly ReadService[] {
  const index = new TemplateIndex(resources);
  return resources.filter(({ type }) => type === 'AWS::ECS::Service').map((one) => read(one, index));
}

function read(service: Resource, index: TemplateIndex): ReadService {
  const { properties } = service;
  const providers = list(properties.CapacityProviderStrategy).map((one) => record(one).CapacityProvider);
  try {
    const definition = follow(index, service, properties.TaskDefinition, 'AWS::ECS::TaskDefinition');
    const deployment = record(properties.DeploymentConfiguration);
    const counted: CountedService = {
      resource: service,
      size: sizeOf(definition),
      tasks: taskCount(service, index),
      strategy: strategyOf(service, deployment),
      minimumHealthyPercent: percent(service, deployment, 'MinimumHealthyPercent', DEFAULT_MINIMUM),
      maximumPercent: percent(service, deployment, 'MaximumPercent', DEFAULT_MAXIMUM),
    };
    return isOnFargate(service, providers)
      ? { launch: 'fargate', ...counted }
      : { launch: 'instances', ...counted, group: instanceGroup(service, providers, index) };
  } catch (error) {
    if (error instanceof Unreadable) return { launch: 'unread', fault: error.fault };
    throw error;
  }
}

const FARGATE = 'FARGATE';

/** @throws Unreadable for Fargate Spot, which takes its tasks away and has a quota of its own */
function isOnFargate(service: Resource, providers: readonly (Value | undefined)[]): boolean {
  if (service.properties.LaunchType === FARGATE) return true;
  const [other] = providers.filter((one) => /^FARGATE_/.test(String(one)));
  if (other !== undefined) {
    throw unreadable(
      service,
      'CapacityProviderStrategy',
      said(other),
      `${FARGATE} or instances of one's own`,
    );
  }
  return providers.length > 0 && providers.every((one) => one === FARGATE);
}

/** What all containers of a task ask for together; limits of the task itself win where they are given. */
function sizeOf(definition: Resource): TaskSize {
  const { properties } = definition;
  const containers = list(properties.ContainerDefinitions).map(record);
  const sum = (name: string): number =>
    containers.reduce((total, container) => total + number(definition, name, container[name] ?? 0), 0);
  const gpus = containers
    .flatMap(({ ResourceRequirements }) => list(ResourceRequirements).map(record))
    .filter(({ Type }) => Type === 'GPU')
    .reduce((total, { Value: count }) => total + number(definition, 'GPU', count), 0);
  return {
    gpus,
    cpu: properties.Cpu === undefined ? sum('Cpu') : number(definition, 'Cpu', properties.Cpu),
    memoryMib:
      properties.Memory === undefined
        ? containers.reduce(
            (total, { Memory, MemoryReservation }) =>
              total + number(definition, 'Memory', MemoryReservation ?? Memory),
            0,
          )
        : number(definition, 'Memory', properties.Memory),
  };
}

function strategyOf(service: Resource, deployment: Properties): CountedService['strategy'] {
  const controller = record(service.properties.DeploymentController).Type ?? 'ECS';
  if (controller !== 'ECS') {
    throw unreadable(service, 'DeploymentController', said(controller), 'ECS, whose updates can be counted');
  }
  const found = STRATEGIES.find((name) => name === (deployment.Strategy ?? 'ROLLING'));
  if (found) return found;
  throw unreadable(service, 'Strategy', said(deployment.Strategy), STRATEGIES.join(', '));
}

const percent = (service: Resource, deployment: Properties, name: string, usual: number): number =>
  number(service, name, deployment[name] ?? usual);
