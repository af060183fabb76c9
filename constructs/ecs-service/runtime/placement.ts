import type { ContainerInstance, Resource } from '@aws-sdk/client-ecs';
import type { EcsAccess } from './access';
import { type Shortage, shortageOf, startableTasks, stoppableTasks } from './capacity';
import { saysNoPlace } from './service-events';
import type { Snapshot } from './watch';

/** How long a shortage must last before it counts: a stopped task frees its GPU some seconds late. */
const SETTLE_MS = 30_000;

/** A shortage that will not mend itself. */
export interface Verdict {
  readonly shortage: Shortage;
  readonly message: string;
}

/**
 * Watches for tasks that get no place. ECS does not count them as failed, so that its circuit breaker
 * never ends such a deployment.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export class PlacementWatch {
  private suspicious = false;
  private unplacedSince: number | undefined;
  private hopelessSince: number | undefined;

  constructor(private readonly access: EcsAccess) {}

  /** @returns a verdict once waiting on is pointless */
  async check({ record, service, news }: Snapshot, now: number): Promise<Verdict | undefined> {
    const { capacity, minimumHealthyPercent, maximumPercent } = this.access.spec;
    const complete = record.running >= record.requested;
    this.suspicious ||= news.some(saysNoPlace) || record.pending > 0;
    if (!capacity || complete || !this.suspicious) return this.reset();

    const starting = await this.access.tasks.tasks('RUNNING');
    const waiting = starting.filter((task) => task.lastStatus === 'PROVISIONING').length;
    const running = service.runningCount ?? 0;
    const rolling = (service.deploymentConfiguration?.strategy ?? 'ROLLING') === 'ROLLING';
    const missing = Math.max(0, record.requested - record.running - record.pending);
    // A task that ECS may not start yet waits for an old one to stop, not for a place.
    const startable = startableTasks(running + (service.pendingCount ?? 0), record.requested, maximumPercent);
    const unplaced = waiting + (rolling ? Math.min(missing, startable) : missing);
    if (unplaced === 0) return this.reset();

    const instances = await this.access.tasks.instances();
    const shortage = shortageOf(unplaced, instances.filter(isActive).map(gpusOf), capacity);
    this.unplacedSince ??= now;
    const old = { all: running, old: rolling ? Math.max(0, running - record.running) : 0 };
    const canFree =
      stoppableTasks(old, record.requested, minimumHealthyPercent) > 0 || (await this.anyStopping());
    this.hopelessSince =
      shortage.gpus > 0 && !shortage.canGrow && !canFree ? (this.hopelessSince ?? now) : undefined;

    if (this.hopelessSince !== undefined && now - this.hopelessSince >= SETTLE_MS) {
      return { shortage, message: shortage.sentence };
    }
    const minutes = capacity.placementTimeoutMinutes;
    if (now - this.unplacedSince < minutes * 60_000) return undefined;
    return { shortage, message: `no place for ${minutes} minutes: ${shortage.sentence}` };
  }

  private async anyStopping(): Promise<boolean> {
    const stopped = await this.access.tasks.tasks('STOPPED');
    return stopped.some((task) => task.lastStatus !== 'STOPPED');
  }

  private reset(): undefined {
    this.unplacedSince = undefined;
    this.hopelessSince = undefined;
    return undefined;
  }
}

/** Free and registered GPUs of an instance. */
export function gpusOf(instance: ContainerInstance): { readonly registered: number; readonly free: number } {
  return { registered: gpuCount(instance.registeredResources), free: gpuCount(instance.remainingResources) };
}

export const isActive = (instance: ContainerInstance): boolean => instance.status === 'ACTIVE';

const gpuCount = (resources: readonly Resource[] | undefined): number =>
  resources?.find(({ name }) => name === 'GPU')?.stringSetValue?.length ?? 0;
