import {
  type DeploymentConfiguration,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
  StopServiceDeploymentCommand,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { LockstepError } from '../../../contract';
import { awsErrorName, batched, callAws, paged } from '../../aws-client';
import type { EcsServiceSpec } from '../spec';

/**
 * Most ARNs that one call for service deployments or service revisions takes.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
 */
export const DESCRIBED_AT_ONCE = 20;
const LIST_PAGE = 100;

export interface ServiceChange {
  readonly taskDefinition?: string;
  readonly desiredCount?: number;
  readonly forceNewDeployment?: boolean;
  /** Whole: ECS does not say how it merges one with that before. @default - as it is */
  readonly deploymentConfiguration?: DeploymentConfiguration;
}

/** Every ECS call about the service, its deployments and its task definitions, one method each. */
export class ServiceCalls {
  /** A service revision never changes, so that each is asked for only once. */
  private readonly definitionOfRevision = new Map<string, string>();

  /**
   * @param stack names the CloudFormation stack in `NotDeployed` errors
   */
  constructor(
    private readonly ecs: ECSClient,
    private readonly spec: EcsServiceSpec,
    private readonly stack: string,
  ) {}

  /** @throws LockstepError `NotDeployed` when the service or its cluster does not exist */
  async service(): Promise<Service> {
    const { cluster, service: name } = this.spec;
    try {
      const { services } = await callAws('ecs:DescribeServices', () =>
        this.ecs.send(new DescribeServicesCommand({ cluster, services: [name] })),
      );
      const [service] = services ?? [];
      if (service && service.status !== 'INACTIVE') return service;
    } catch (error) {
      if (awsErrorName(error) !== 'ClusterNotFoundException') throw error;
    }
    throw this.notDeployed(`service ${cluster}/${name}`);
  }

  /** @returns undefined when there is no such task definition, not even a deregistered one */
  async taskDefinition(name: string): Promise<TaskDefinition | undefined> {
    try {
      const { taskDefinition } = await callAws('ecs:DescribeTaskDefinition', () =>
        this.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name })),
      );
      return taskDefinition;
    } catch (error) {
      if (awsErrorName(error) === 'ClientException') return undefined;
      throw error;
    }
  }

  /** @throws LockstepError `NotDeployed` when there is no such task definition */
  async existingTaskDefinition(name: string): Promise<TaskDefinition> {
    const definition = await this.taskDefinition(name);
    if (!definition) throw this.notDeployed(`task definition ${name}`);
    return definition;
  }

  /** ARNs of the task definitions of the family that ECS can start, newest first. */
  async activeDefinitions(): Promise<readonly string[]> {
    return paged(
      'ecs:ListTaskDefinitions',
      (token) =>
        callAws('ecs:ListTaskDefinitions', () =>
          this.ecs.send(
            new ListTaskDefinitionsCommand({
              familyPrefix: this.spec.taskDefinitionFamily,
              status: 'ACTIVE',
              sort: 'DESC',
              maxResults: LIST_PAGE,
              ...token,
            }),
          ),
        ),
      ({ taskDefinitionArns }) => taskDefinitionArns,
    );
  }

  /** @returns the ARN of the new revision */
  async register(definition: RegisterTaskDefinitionCommandInput): Promise<string> {
    const { taskDefinition } = await callAws('ecs:RegisterTaskDefinition', () =>
      this.ecs.send(new RegisterTaskDefinitionCommand(definition)),
    );
    return requireField('ecs:RegisterTaskDefinition', 'taskDefinitionArn', taskDefinition?.taskDefinitionArn);
  }

  async update(change: ServiceChange): Promise<void> {
    const { cluster, service } = this.spec;
    await callAws('ecs:UpdateService', () =>
      this.ecs.send(new UpdateServiceCommand({ cluster, service, ...change })),
    );
  }

  /**
   * Asks ECS to undo a deployment that is under way. One that has ended in the meantime is left as it is.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
   */
  async stopAndRollBack(serviceDeploymentArn: string): Promise<void> {
    try {
      await callAws('ecs:StopServiceDeployment', () =>
        this.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' })),
      );
    } catch (error) {
      if (!/^(ConflictException|ClientException)$/.test(awsErrorName(error) ?? '')) throw error;
    }
  }

  /** Newest first. ECS keeps 90 days. */
  async deployments(status?: ServiceDeploymentStatus): Promise<readonly ServiceDeploymentBrief[]> {
    const { cluster, service } = this.spec;
    const ofStatus = status === undefined ? {} : { status: [status] };
    const all = await paged(
      'ecs:ListServiceDeployments',
      (token) =>
        callAws('ecs:ListServiceDeployments', () =>
          this.ecs.send(
            new ListServiceDeploymentsCommand({
              cluster,
              service,
              maxResults: LIST_PAGE,
              ...ofStatus,
              ...token,
            }),
          ),
        ),
      ({ serviceDeployments }) => serviceDeployments,
    );
    return [...all].sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  }

  async describeDeployments(arns: readonly string[]): Promise<readonly ServiceDeployment[]> {
    return batched(arns, DESCRIBED_AT_ONCE, async (serviceDeploymentArns) => {
      const answer = await callAws('ecs:DescribeServiceDeployments', () =>
        this.ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns })),
      );
      return answer.serviceDeployments;
    });
  }

  /** Service revision ARN to task definition ARN. Revisions that ECS no longer keeps are left out. */
  async definitionsOf(revisions: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const unknown = [...new Set(revisions)].filter((arn) => !this.definitionOfRevision.has(arn));
    const described = await batched(unknown, DESCRIBED_AT_ONCE, async (serviceRevisionArns) => {
      const answer = await callAws('ecs:DescribeServiceRevisions', () =>
        this.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
      );
      return answer.serviceRevisions;
    });
    for (const { serviceRevisionArn, taskDefinition } of described) {
      if (serviceRevisionArn && taskDefinition)
        this.definitionOfRevision.set(serviceRevisionArn, taskDefinition);
    }
    return this.definitionOfRevision;
  }

  /** @param value what there is instead */
  notDeployed(what: string, value = 'nothing of that name in the account'): LockstepError {
    return new LockstepError('NotDeployed', {
      place: what,
      value,
      allowed: 'what its stack creates',
      change: `run \`npx cdk deploy ${this.stack}\``,
    });
  }
}

/** @throws LockstepError `AwsCallFailed` when the answer lacks a field that AWS documents as given */
export function requireField<T>(action: string, field: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new LockstepError('AwsCallFailed', {
    place: action,
    value: `an answer without ${field}`,
    allowed: `an answer with ${field}`,
    change: 'run the same command again',
  });
}
