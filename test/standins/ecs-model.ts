import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import {
  arn,
  type Behaviour,
  type DeploymentState,
  ENDED,
  type EventState,
  type InstanceState,
  type ServiceState,
  type TaskDefinitionState,
  type TaskState,
} from './ecs-state';
import type { VirtualClock } from './virtual-clock';

const START_S = 8;
const HEALTH_S = 10;
const LISTED_AFTER_S = 3;

export interface EcsModelOptions {
  readonly service: Omit<ServiceState, 'status' | 'desired'> & { readonly desired?: number };
  readonly instances: readonly InstanceState[];
  /** What happens to a task that finds no GPU: ECS complains, or lets it wait in PROVISIONING. */
  readonly placement?: 'events' | 'provisioning';
  /** Seconds that a task needs to stop; it keeps its GPU until then. @default 6 */
  readonly stopsWithin?: number;
  /** Seconds after which a new deployment is listed. @default 3 */
  readonly listedAfter?: number;
}

/**
 * One ECS service as documented: rolling updates within the healthy percents, GPUs per instance, the
 * circuit breaker, service deployments and revisions. It has no HTTP; `ecs-api.ts` gives it that.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export class EcsModel {
  readonly service: ServiceState;
  readonly definitions: TaskDefinitionState[] = [];
  /** Service revision id to task definition ARN. */
  readonly revisions = new Map<string, string>();
  /** Newest first. */
  readonly deployments: DeploymentState[] = [];
  readonly events: EventState[] = [];
  readonly instances: InstanceState[];
  readonly behaviours = new Map<string, Behaviour>();
  readonly logs = new Map<string, readonly string[]>();
  tasks: TaskState[] = [];
  private readonly placement: 'events' | 'provisioning';
  private readonly stopsWithin: number;
  private readonly listedAfter: number;
  private lastId = 0;
  private lastComplaint = 0;

  constructor(
    private readonly clock: VirtualClock,
    options: EcsModelOptions,
  ) {
    this.service = { ...options.service, status: 'ACTIVE', desired: options.service.desired ?? 0 };
    this.instances = [...options.instances];
    this.placement = options.placement ?? 'events';
    this.stopsWithin = options.stopsWithin ?? 6;
    this.listedAfter = options.listedAfter ?? LISTED_AFTER_S;
    clock.onStep((now) => this.step(now));
  }

  register(content: RegisterTaskDefinitionRequest): TaskDefinitionState {
    const family = content.family ?? '';
    const revision = 1 + this.definitions.filter((each) => each.family === family).length;
    const definition: TaskDefinitionState = {
      arn: arn(`task-definition/${family}:${revision}`),
      family,
      revision,
      status: 'ACTIVE',
      registeredAt: this.clock.now(),
      content,
    };
    this.definitions.push(definition);
    return definition;
  }

  /** @param name ARN, `family:revision` or family */
  definition(name: string): TaskDefinitionState | undefined {
    const short = name.slice(name.lastIndexOf('/') + 1);
    const family = this.definitions.filter((each) => each.family === short && each.status === 'ACTIVE');
    return this.definitions.find((each) => each.arn.endsWith(`/${short}`)) ?? family.at(-1);
  }

  /** Starts a service deployment; one that is under way ends as STOPPED. */
  startDeployment(definition: TaskDefinitionState): DeploymentState {
    const source = this.lastCompleted()?.revision;
    for (const other of this.deployments.filter(({ status }) => !ENDED.includes(status))) {
      this.end(other, 'STOPPED', 'the deployment was replaced by a newer one');
    }
    const revision = this.nextId('revision');
    this.revisions.set(revision, definition.arn);
    const deployment: DeploymentState = {
      id: this.nextId('deployment'),
      revision,
      source,
      createdAt: this.clock.now(),
      status: 'PENDING',
      failures: 0,
      rollbackFailures: 0,
      counts: { requested: this.service.desired, running: 0, pending: 0 },
      alarms: [],
    };
    this.deployments.unshift(deployment);
    return deployment;
  }

  get current(): DeploymentState | undefined {
    return this.deployments[0];
  }

  /** Deployments that ECS lists by now. */
  get listed(): readonly DeploymentState[] {
    const latest = this.clock.now() - this.listedAfter * 1_000;
    return this.deployments.filter(({ createdAt }) => createdAt <= latest);
  }

  /** Task definition that the service points at. */
  get target(): string {
    const { current } = this;
    return this.revisions.get(current?.rollback?.revision ?? current?.revision ?? '') ?? '';
  }

  get threshold(): number {
    return Math.min(200, Math.max(3, Math.ceil(0.5 * this.service.desired)));
  }

  rollBack(deployment: DeploymentState, reason: string): void {
    const revision = deployment.source;
    if (revision === undefined) {
      this.end(deployment, 'ROLLBACK_FAILED', `${reason} There is no earlier deployment to go back to.`);
      return;
    }
    deployment.rollback = { reason, startedAt: this.clock.now(), revision };
    deployment.status = 'ROLLBACK_REQUESTED';
    this.say(`rolling back to deployment ${revision}.`);
  }

  say(message: string): void {
    const text = `(service ${this.service.name}) ${message}`;
    this.events.unshift({ id: this.nextId('event'), at: this.clock.now(), message: text });
  }

  freeGpus(instance: InstanceState): number {
    const used = this.tasks
      .filter((task) => task.instance === instance.id && task.status !== 'STOPPED')
      .reduce((sum, task) => sum + gpusOf(task.definition), 0);
    return instance.gpus - used;
  }

  alive(definition?: string): readonly TaskState[] {
    return this.tasks.filter(
      (task) =>
        task.desired === 'RUNNING' && (definition === undefined || task.definition.arn === definition),
    );
  }

  end(deployment: DeploymentState, status: DeploymentState['status'], reason?: string): void {
    deployment.counts = this.countsOf(deployment);
    deployment.status = status;
    deployment.finishedAt = this.clock.now();
    if (reason !== undefined) deployment.reason = reason;
  }

  countsOf(deployment: DeploymentState): DeploymentState['counts'] {
    if (ENDED.includes(deployment.status)) return deployment.counts;
    const mine = this.alive(this.revisions.get(deployment.revision));
    const running = mine.filter(({ status }) => status === 'RUNNING').length;
    const requested = deployment.rollback ? 0 : this.service.desired;
    return { requested, running, pending: mine.length - running };
  }

  private lastCompleted(): DeploymentState | undefined {
    return this.deployments.find(({ status }) => status === 'SUCCESSFUL');
  }

  private step(now: number): void {
    for (const task of this.tasks) this.live(task, now);
    const { current } = this;
    if (!current || this.service.status === 'INACTIVE') return;
    if (current.status === 'PENDING') current.status = 'IN_PROGRESS';
    if (current.status === 'ROLLBACK_REQUESTED') current.status = 'ROLLBACK_IN_PROGRESS';
    this.schedule(now);
    this.complete(current);
  }

  /** One second in the life of a task. */
  private live(task: TaskState, now: number): void {
    const seconds = (since: number | undefined) => (now - (since ?? now)) / 1_000;
    const { behaviour } = task;
    if (task.status === 'STOPPING' && seconds(task.stoppedAt) >= this.stopsWithin) task.status = 'STOPPED';
    if (task.status === 'PROVISIONING') this.place(task, now);
    if (task.status === 'PENDING' && behaviour.kind !== 'pullsForEver') {
      if (behaviour.kind === 'cannotPull' && seconds(task.placedAt) >= START_S / 2) {
        const reason = `CannotPullContainerError: ${task.image}: not found`;
        this.fail(task, 'TaskFailedToStart', reason, { containerReason: reason });
      } else if (
        seconds(task.placedAt) >=
        (behaviour.kind === 'healthy' ? (behaviour.startsAfter ?? START_S) : START_S)
      ) {
        task.status = 'RUNNING';
        task.startedAt = now;
      }
    }
    if (task.status !== 'RUNNING') return;
    if (behaviour.kind === 'exits' && seconds(task.startedAt) >= (behaviour.after ?? 2)) {
      this.logs.set(task.id, behaviour.lines ?? []);
      this.fail(task, 'EssentialContainerExited', 'Essential container in task exited', {
        exitCode: behaviour.code,
      });
    } else if (hasHealthCheck(task.definition) && seconds(task.startedAt) >= HEALTH_S) {
      task.health = behaviour.kind === 'unhealthy' ? 'UNHEALTHY' : 'HEALTHY';
      if (task.health === 'UNHEALTHY') {
        this.fail(task, 'ServiceSchedulerInitiated', 'Task failed container health checks', {
          exitCode: 137,
        });
      }
    }
  }

  private fail(task: TaskState, stopCode: string, reason: string, details: Partial<TaskState>): void {
    Object.assign(task, {
      ...details,
      stopCode,
      reason,
      desired: 'STOPPED',
      status: 'STOPPED',
      stoppedAt: this.clock.now(),
    });
    const { current } = this;
    if (!current || current.id !== task.deployment || ENDED.includes(current.status)) return;
    if (current.rollback) {
      current.rollbackFailures += 1;
      if (current.rollbackFailures >= this.threshold)
        this.end(current, 'ROLLBACK_FAILED', 'tasks failed to start');
      return;
    }
    current.failures += 1;
    this.say(`(task ${task.id}) failed: ${reason}.`);
    if (!this.service.breaker.enable || current.failures < this.threshold) return;
    const why = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';
    if (this.service.breaker.rollback) this.rollBack(current, why);
    else this.end(current, 'STOPPED', 'the circuit breaker threshold was exceeded');
  }

  private schedule(now: number): void {
    const { service, target, current } = this;
    const upper = Math.floor((service.desired * service.maximumPercent) / 100);
    const lower = Math.ceil((service.desired * service.minimumHealthyPercent) / 100);
    const stopped = current?.status === 'STOPPED' || current?.status === 'ROLLBACK_FAILED';
    for (const task of this.alive(target).slice(service.desired)) this.stop(task, now);
    while (!stopped && this.alive(target).length < service.desired && this.alive().length < upper) {
      if (!this.create(target, now)) break;
    }
    const mayStopOld = () => this.alive().filter(isServing).length - 1 >= lower;
    for (const task of this.alive().filter(({ definition }) => definition.arn !== target)) {
      if (!isServing(task) || mayStopOld()) this.stop(task, now);
    }
  }

  private create(target: string, now: number): boolean {
    const definition = this.definition(target);
    if (!definition) return false;
    const image = definition.content.containerDefinitions?.[0]?.image ?? '';
    const task: TaskState = {
      id: this.nextId('task'),
      definition,
      deployment: this.current?.id ?? '',
      createdAt: now,
      image,
      behaviour: this.behaviours.get(image) ?? { kind: 'healthy' },
      status: 'PROVISIONING',
      desired: 'RUNNING',
      health: 'UNKNOWN',
    };
    const placed = this.place(task, now);
    if (placed || this.placement === 'provisioning') this.tasks.push(task);
    return placed || this.placement === 'provisioning';
  }

  private place(task: TaskState, now: number): boolean {
    const need = gpusOf(task.definition);
    const instance = this.instances.find((each) => this.freeGpus(each) >= need);
    if (instance) {
      Object.assign(task, { instance: instance.id, status: 'PENDING', placedAt: now });
      return true;
    }
    if (this.placement === 'events' && now - this.lastComplaint >= 30_000) {
      this.lastComplaint = now;
      const closest = this.instances[0]?.id ?? 'none';
      this.say(
        'was unable to place a task because no container instance met all of its requirements. ' +
          `The closest matching container-instance ${closest} has insufficient GPU resource available.`,
      );
    }
    return false;
  }

  private stop(task: TaskState, now: number): void {
    const reason = `Scaling activity initiated by (deployment ecs-svc/${task.deployment})`;
    const status = task.instance === undefined ? 'STOPPED' : 'STOPPING';
    Object.assign(task, {
      desired: 'STOPPED',
      status,
      stoppedAt: now,
      stopCode: 'ServiceSchedulerInitiated',
      reason,
    });
  }

  private complete(current: DeploymentState): void {
    if (ENDED.includes(current.status)) return;
    const mine = this.alive(this.target);
    const done =
      mine.length === this.service.desired && mine.every(isServing) && this.alive().length === mine.length;
    if (!done) return;
    this.end(current, current.rollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL');
    this.say('has reached a steady state.');
  }

  private nextId(kind: string): string {
    this.lastId += 1;
    return `${kind}${String(this.lastId).padStart(4, '0')}`;
  }
}

export const gpusOf = ({ content }: TaskDefinitionState): number =>
  (content.containerDefinitions ?? [])
    .flatMap(({ resourceRequirements }) => resourceRequirements ?? [])
    .filter(({ type }) => type === 'GPU')
    .reduce((sum, { value }) => sum + Number(value), 0);

const hasHealthCheck = ({ content }: TaskDefinitionState): boolean =>
  content.containerDefinitions?.some(({ healthCheck }) => healthCheck !== undefined) ?? false;

const isServing = (task: TaskState): boolean =>
  task.status === 'RUNNING' && (task.health === 'HEALTHY' || !hasHealthCheck(task.definition));
