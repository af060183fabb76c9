import type { Fault } from '../../../contract';
import { INSTANCE_CAPACITY } from './instance-types';
import { fewestPlaces, typesOf } from './places';
import type { CountedService, PlacedService } from './services';

/** A service, and what other services on the same instances may take at most. */
export interface Update {
  readonly service: PlacedService;
  readonly takenByOthers: number;
}

/**
 * Whether an update fits at every number of tasks that the service may have.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
export function updateFault({ service, takenByOthers }: Update): Fault | undefined {
  const { group, size, tasks, resource } = service;
  const fewest = fewestPlaces(group, size);
  if ('unknown' in fewest) {
    return {
      place: resource.path,
      value: `instances of the type ${fewest.unknown} (${group.resource.path})`,
      allowed: `a type whose GPUs are known: ${Object.keys(INSTANCE_CAPACITY).join(', ')}`,
      change: 'use one of those types, or add the type to proofs/flow/capacity/instance-types.ts',
    };
  }
  const { places, scarce, type, name } = fewest;
  if (places === 0) {
    return {
      place: resource.path,
      value: `a task asks for ${asked(service)}, a ${name} offers ${type.gpus} GPU, ${type.vcpus * 1024} CPU units and ${type.memoryGib} GiB less what system and agent take`,
      allowed: `tasks that fit on an instance; ${scarce} runs out`,
      change: 'choose a larger instance type or make the task smaller',
    };
  }
  const free = group.maxInstances - takenByOthers;
  const counts = Array.from(
    { length: Math.max(0, tasks.max - Math.max(1, tasks.min) + 1) },
    (_, i) => tasks.max - i,
  );
  const stuck = counts.filter((count) => !mayStep(service, count, free * places));
  const [count] = stuck;
  if (count === undefined) return undefined;
  const also = stuck.slice(1);
  return {
    place: resource.path,
    value: `${arithmetic(service, count, places, takenByOthers)}${also.length > 0 ? `; the same with ${also.join(', ')} tasks` : ''}`,
    allowed: 'room for the first step of an update at every number of tasks that the service may have',
    change: changes(service, count, places, takenByOthers),
  };
}

/** Whether an update has room to start something, or leave to stop something first. */
export function mayStep(
  { strategy, minimumHealthyPercent, maximumPercent }: CountedService,
  count: number,
  places: number,
): boolean {
  if (places < count) return false;
  if (strategy !== 'ROLLING') return places >= 2 * count;
  const keep = Math.ceil((count * minimumHealthyPercent) / 100);
  const most = Math.floor((count * maximumPercent) / 100);
  return keep < count || Math.min(most, places) > count;
}

/** What a strategy needs that runs both versions at once, for people; undefined where an update goes step by step. */
export function shiftingNeeds({ resource, strategy, tasks, size, group }: PlacedService): string | undefined {
  const fewest = fewestPlaces(group, size);
  if (strategy === 'ROLLING' || 'unknown' in fewest) return undefined;
  const { places } = fewest;
  const instances = places > 0 ? Math.ceil((2 * tasks.max) / places) : 0;
  return `${resource.path}: ${strategy} runs both versions of up to ${tasks.max} ${tasks.max === 1 ? 'task' : 'tasks'} at once: ${2 * tasks.max} places on ${instances} × ${typesOf(group)}, of ${group.maxInstances} that the group may have`;
}

function arithmetic(service: PlacedService, count: number, places: number, takenByOthers: number): string {
  const { group, size, strategy, minimumHealthyPercent, maximumPercent } = service;
  const needed = Math.ceil(count / places);
  const unit = size.gpus > 0 ? `${size.gpus} GPU` : `${size.cpu} CPU units and ${size.memoryMib} MiB`;
  const runs = `${count} ${count === 1 ? 'task' : 'tasks'} × ${unit} run on ${needed} × ${typesOf(group)}`;
  const others = takenByOthers > 0 ? `, of which ${takenByOthers} are for other services` : '';
  const most = `the group's maximum is ${group.maxInstances}${others}`;
  if ((group.maxInstances - takenByOthers) * places < count) return `${runs}; ${most}`;
  if (strategy !== 'ROLLING') {
    return `${runs}; a ${strategy} update runs both versions at once and needs ${Math.ceil((2 * count) / places)}, ${most}`;
  }
  if (Math.floor((count * maximumPercent) / 100) <= count) {
    return `${runs}; a rolling update may stop none (minimum ${minimumHealthyPercent} %) and start none (maximum ${maximumPercent} %)`;
  }
  const free =
    size.gpus > 0
      ? `${size.gpus === 1 ? 'one' : size.gpus} free GPU${size.gpus === 1 ? '' : 's'}`
      : 'one free place';
  return `${runs}; a rolling update with minimum ${minimumHealthyPercent} % needs ${free}, ${most}`;
}

function changes(
  { group, strategy, maximumPercent }: PlacedService,
  count: number,
  places: number,
  takenByOthers: number,
): string {
  const instances = (tasks: number) => `set instances.max to ${Math.ceil(tasks / places) + takenByOthers}`;
  if ((group.maxInstances - takenByOthers) * places < count)
    return `${instances(count)}, or allow fewer tasks`;
  if (strategy !== 'ROLLING') return `${instances(2 * count)}, or update rolling`;
  const lower = `minimumHealthyPercent to ${Math.floor(((count - 1) * 100) / count)}`;
  if (Math.floor((count * maximumPercent) / 100) > count) return `${instances(count + 1)} or ${lower}`;
  const higher = `maximumPercent to ${Math.ceil(((count + 1) * 100) / count)}`;
  return `set ${lower}, or ${higher} with instances.max at least ${Math.ceil((count + 1) / places) + takenByOthers}`;
}

const asked = ({ size }: PlacedService): string =>
  `${size.gpus} GPU, ${size.cpu} CPU units and ${size.memoryMib} MiB`;
