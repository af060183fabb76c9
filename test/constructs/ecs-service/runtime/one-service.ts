import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { Behaviour, EcsService } from '../../../../rehearsal/aws/ecs';
import {
  aliveTasks,
  currentOf,
  endDeployment,
  say,
  startDeployment,
  targetOf,
} from '../../../../rehearsal/aws/ecs/deployments';
import { roomOf } from '../../../../rehearsal/aws/ecs/instance-types';
import { serviceOf } from '../../../../rehearsal/aws/ecs/moment';
import type {
  DeploymentState,
  InstanceState,
  ServiceState,
  TaskDefinitionState,
  TaskState,
} from '../../../../rehearsal/aws/ecs/state';
import { findDefinition, register } from '../../../../rehearsal/aws/ecs/task-definitions';

/** An instance of the tests. */
export interface InstanceOptions {
  readonly id: string;
  readonly gpus: number;
}

/** What a test sees and changes of the one service of its world, behind the back of the API. */
export class OneService {
  /**
   * @param arn of the service
   * @param provider ARN of the capacity provider that instances belong to
   */
  constructor(
    private readonly ecs: EcsService,
    private readonly arn: string,
    private readonly provider: string | undefined,
  ) {}

  get service(): ServiceState {
    return serviceOf(this.ecs.state, this.arn);
  }

  get definitions(): readonly TaskDefinitionState[] {
    return this.ecs.state.taskDefinitions;
  }

  /** Newest first. */
  get deployments(): DeploymentState[] {
    return this.service.deployments;
  }

  get current(): DeploymentState | undefined {
    return currentOf(this.service);
  }

  get tasks(): TaskState[] {
    return this.ecs.state.tasks;
  }

  set tasks(tasks: TaskState[]) {
    this.ecs.state.tasks = tasks;
  }

  get instances(): InstanceState[] {
    return this.ecs.state.instances;
  }

  /** ARN of the task definition that the service is to run. */
  get target(): string {
    return targetOf(this.service);
  }

  alive(): readonly TaskState[] {
    return aliveTasks(this.ecs.state, this.service);
  }

  behaves(image: string, behaviour: Behaviour): void {
    this.ecs.behave({ image, behaviour });
  }

  behaveWell(): void {
    this.ecs.state.rules = [];
  }

  addInstance({ id, gpus }: InstanceOptions): void {
    this.instances.push({
      id,
      ec2Id: id,
      type: 'g4dn.xlarge',
      cluster: this.service.cluster,
      ...(this.provider === undefined ? {} : { provider: this.provider }),
      room: { ...roomOf('g4dn.xlarge', id), gpus },
      takenGpus: 0,
      registersAt: 0,
    });
  }

  /** AWS takes an instance away. */
  interruptSpot(id: string | undefined): void {
    const { account, cluster } = this.service;
    this.ecs.interruptSpot(account, cluster.slice(cluster.lastIndexOf('/') + 1), id);
  }

  register(content: RegisterTaskDefinitionRequest): TaskDefinitionState {
    return register(this.ecs.now(), this.service, content);
  }

  definition(name: string): TaskDefinitionState | undefined {
    return findDefinition(this.ecs.state, this.service, name);
  }

  startDeployment({ arn }: TaskDefinitionState): DeploymentState {
    return startDeployment(this.ecs.now(), this.service, arn);
  }

  end(deployment: DeploymentState, status: DeploymentState['status'], reason?: string): void {
    endDeployment(this.ecs.now(), this.service, deployment, status, reason);
  }

  /** Time passes until ECS has forgotten all deployments but the newest; the task definitions stay. */
  outliveHistory(days: number): void {
    this.service.deployments = this.deployments.slice(0, 1);
    this.ecs.state.taskDefinitions = this.definitions.map((each) => ({
      ...each,
      registeredAt: each.registeredAt - days * 24 * 60 * 60_000,
    }));
  }

  say(message: string): void {
    say(this.ecs.now(), this.service, message);
  }
}
