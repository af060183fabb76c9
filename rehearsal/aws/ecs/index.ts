import * as schemas from '@aws-sdk/client-ecs';
import type { VirtualClock } from '../../clock/virtual-clock';
import type { AwsService, Made, Operation, TemplateResource } from '../service';
import { answerOf, type TaskAnswer } from './answer';
import type { Behaviour, BehaviourRule } from './behaviour';
import { scale } from './capacity';
import {
  changeTasks,
  deployForeign,
  setBreaker,
  setDesired,
  setLaunches,
  setMachineImage,
  setStatus,
  stopNewest,
  takeGpus,
  terminateInstance,
} from './foreign';
import { makeAssociations, makeCapacityProvider, makeCluster, makeLaunchTemplate } from './make-capacity';
import { makeGroup, makeWarmPool } from './make-group';
import { makeService, makeTaskDefinition } from './make-service';
import { leftoversOf } from './leftovers';
import { deliverLines } from './log-lines';
import { type Moment, nextId } from './moment';
import { clusterOperations } from './operations/clusters';
import { serviceDeploymentOperations } from './operations/service-deployments';
import { serviceOperations } from './operations/services';
import { taskDefinitionOperations } from './operations/task-definitions';
import { taskOperations } from './operations/tasks';
import { CALM, type EcsPorts } from './ports';
import { schedule } from './scheduler';
import type { ServiceName } from './service-name';
import { endInterrupted, interruptSpot } from './spot';
import { type ServiceView, viewOf } from './service-view';
import { type BreakerState, type DeploymentState, type EcsState, emptyState } from './state';
import { live } from './task-life';

export type { Behaviour, BehaviourRule } from './behaviour';
export type { ServiceName } from './service-name';
export type { ServiceView } from './service-view';
export * from './ports';
export type { BreakerState, EcsState, Timing } from './state';

/** How long ECS still tells of a stopped task: about an hour. */
const REMEMBERED_MS = 3_600_000;

type Make = (moment: Moment, resource: TemplateResource) => Made;

/**
 * Amazon ECS with its four deployment strategies, on instances of Auto Scaling groups and on Fargate, for any number of accounts
 * and regions. It does not model availability zones, the network, placement rules, or several capacity providers
 * of one service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export class EcsService implements AwsService {
  readonly signingName = 'ecs';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly makes: AwsService['makes'];
  state: EcsState = emptyState();
  private readonly clock: VirtualClock;
  private readonly ports: EcsPorts;

  /** @param options what is left out of the ports is calm: images are there, no alarm rings */
  constructor({ clock, ...ports }: { readonly clock: VirtualClock } & Partial<EcsPorts>) {
    this.clock = clock;
    this.ports = { ...CALM, ...ports };
    const moment = (): Moment => this.now();
    this.operations = {
      ...clusterOperations(moment),
      ...serviceOperations(moment),
      ...serviceDeploymentOperations(moment),
      ...taskDefinitionOperations(moment),
      ...taskOperations(moment),
    };
    const made = (make: Make) => (resource: TemplateResource) => make(this.now(), resource);
    this.makes = {
      'AWS::EC2::LaunchTemplate': made((now, resource) => {
        return makeLaunchTemplate(now, resource, nextId(now, 'lt-'));
      }),
      'AWS::AutoScaling::AutoScalingGroup': made(makeGroup),
      'AWS::AutoScaling::WarmPool': made((now, resource) => {
        return makeWarmPool(now, resource, nextId(now, 'warm-pool-'));
      }),
      'AWS::ECS::CapacityProvider': made(makeCapacityProvider),
      'AWS::ECS::Cluster': made(makeCluster),
      'AWS::ECS::ClusterCapacityProviderAssociations': made(makeAssociations),
      'AWS::ECS::TaskDefinition': made(makeTaskDefinition),
      'AWS::ECS::Service': made(makeService),
    };
    clock.onStep(() => this.step());
  }

  /** Tasks behave by these rules from now on, before those that were given earlier. */
  behave(...rules: readonly BehaviourRule[]): void {
    this.state.rules = [...rules, ...this.state.rules];
  }

  /** Somebody else deploys an image, past the pipeline. */
  deployForeign(name: ServiceName, image: string): DeploymentState {
    return deployForeign(this.now(), name, image);
  }

  /** @param id container instance id or EC2 instance id */
  terminateInstance(id: string): void {
    terminateInstance(this.now(), id);
  }

  /** @param name `family:revision` or ARN */
  setStatus(account: string, name: string, status: 'ACTIVE' | 'INACTIVE'): void {
    setStatus(this.now(), account, name, status);
  }

  setBreaker(name: ServiceName, breaker: BreakerState): void {
    setBreaker(this.now(), name, breaker);
  }

  /** Somebody, or autoscaling, wants another number of tasks. */
  setDesired(name: ServiceName, desired: number): void {
    setDesired(this.now(), name, desired);
  }

  /** Somebody stops the newest deployment, so that it is rolled back. */
  stopDeployment(name: ServiceName): void {
    stopNewest(this.now(), name);
  }

  /** The tasks of a service that run now behave otherwise from now on. */
  changeTasks(name: ServiceName, behaviour: Behaviour): void {
    changeTasks(this.now(), name, behaviour);
  }

  /** Something else takes GPUs of a cluster that are free now, at most so many. */
  takeGpus(account: string, cluster: string, gpus: number): void {
    takeGpus(this.now(), account, cluster, gpus);
  }

  /** @param possible false: EC2 has no more instances for the groups of the cluster */
  setLaunches(account: string, cluster: string, possible: boolean): void {
    setLaunches(this.now(), account, cluster, possible);
  }

  /**
   * AWS takes Spot Instances of a cluster away, two minutes after it has said so.
   *
   * @param id of the container instance @default - all of them
   * @returns how many
   */
  interruptSpot(account: string, cluster: string, id?: string): number {
    return interruptSpot(this.now(), account, cluster, (one) => id === undefined || one.id === id);
  }

  /** Instances that are launched for a cluster from now on come from another machine image. */
  setMachineImage(account: string, cluster: string, imageId: string): void {
    setMachineImage(this.now(), account, cluster, imageId);
  }

  service(name: ServiceName): ServiceView {
    return viewOf(this.now(), name);
  }

  /** What a client gets from the task behind a target, at a moment. Undefined where nothing listens. */
  answer(
    target: { readonly group: string; readonly id: string; readonly port: number },
    at: number,
  ): TaskAnswer | undefined {
    return answerOf(this.now(), target, at);
  }

  leftovers(): readonly string[] {
    return leftoversOf(this.state);
  }

  /** The model now. Ports and state are read anew each time: a situation may have been put back. */
  now(): Moment {
    return { state: this.state, now: this.clock.now(), ports: this.ports };
  }

  /** One second: tasks live, groups grow or shrink, services are scheduled. */
  private step(): void {
    const moment = this.now();
    const { state, now } = moment;
    state.tasks = state.tasks.filter(
      ({ stoppedAt }) => stoppedAt === undefined || now - stoppedAt < REMEMBERED_MS,
    );
    for (const task of state.tasks) {
      if (task.status !== 'STOPPED') live(moment, task);
      deliverLines(moment, task);
    }
    for (const service of state.services) schedule(moment, service);
    endInterrupted(moment);
    for (const provider of state.capacityProviders) scale(moment, provider);
  }
}
