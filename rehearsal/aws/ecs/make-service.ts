import type { LoadBalancer } from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { LockstepError } from '../../../contract';
import { readProperties } from '../resource-properties';
import { ApiFault, type Input, type Made, type TemplateResource } from '../service';
import { DEFAULT_SETTINGS, type DeploymentSettings, settingsOf } from './configuration';
import { endDeployment, startDeployment } from './deployments';
import { clusterNamed, providerNamed, referred } from './make-capacity';
import type { Moment } from './moment';
import { ecsArn } from './names';
import type { ClusterState, ServiceState } from './state';
import { findDefinition, register } from './task-definitions';
import { asApi, contentOf } from './template-content';

/** How long before the rehearsal the stack was deployed. */
const DEPLOYED_BEFORE_MS = 60_000;

const count = z.coerce.number().int().min(0);

/** The rest is kept as it is: it becomes the content of a revision. */
const definitionSchema = z.looseObject({ Family: z.string().optional() });

const serviceSchema = z.strictObject({
  ServiceName: z.string().optional(),
  Cluster: z.string().default('default'),
  TaskDefinition: z.string(),
  /** CloudFormation starts one task where none is said. */
  DesiredCount: count.default(1),
  LaunchType: z.enum(['EC2', 'FARGATE']).optional(),
  /** Which of several providers a task gets is not modelled. */
  CapacityProviderStrategy: z
    .array(z.looseObject({ CapacityProvider: z.string() }))
    .max(1)
    .optional(),
  SchedulingStrategy: z.literal('REPLICA').optional(),
  DeploymentController: z.strictObject({ Type: z.literal('ECS') }).optional(),
  DeploymentConfiguration: z
    .strictObject({
      Strategy: z.enum(['ROLLING', 'BLUE_GREEN', 'CANARY', 'LINEAR']).optional(),
      BakeTimeInMinutes: count.optional(),
      LifecycleHooks: z.array(z.unknown()).optional(),
      CanaryConfiguration: z.unknown().optional(),
      LinearConfiguration: z.unknown().optional(),
      MinimumHealthyPercent: count.optional(),
      MaximumPercent: count.optional(),
      DeploymentCircuitBreaker: z.unknown().optional(),
      Alarms: z.unknown().optional(),
    })
    .optional(),
  HealthCheckGracePeriodSeconds: count.optional(),
  LoadBalancers: z.array(z.looseObject({ TargetGroupArn: z.string() })).default([]),
  // Without influence on what is modelled.
  AvailabilityZoneRebalancing: z.unknown().optional(),
  EnableECSManagedTags: z.unknown().optional(),
  EnableExecuteCommand: z.unknown().optional(),
  NetworkConfiguration: z.unknown().optional(),
  PlacementConstraints: z.unknown().optional(),
  PlacementStrategies: z.unknown().optional(),
  PlatformVersion: z.unknown().optional(),
  PropagateTags: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

type ServiceProperties = z.output<typeof serviceSchema>;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html */
export function makeTaskDefinition(moment: Moment, resource: TemplateResource): Made {
  const { stack, logicalId, properties } = resource;
  const { Family: family = `${stack}${logicalId}` } = readProperties(resource, definitionSchema);
  const { arn } = register(moment, resource, contentOf(properties, family));
  return { ref: arn, attributes: { TaskDefinitionArn: arn } };
}

/**
 * Creates a service. CloudFormation waits until its first deployment has ended, which takes no time for zero
 * tasks.
 *
 * @throws LockstepError `NotRehearsed`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
 */
export function makeService(moment: Moment, resource: TemplateResource): Made {
  const read = readProperties(resource, serviceSchema);
  const cluster = clusterNamed(moment, resource, read.Cluster);
  const name = read.ServiceName ?? `${resource.stack}-${resource.logicalId}`;
  const definition = referred(
    findDefinition(moment.state, resource, read.TaskDefinition),
    resource,
    read.TaskDefinition,
    'task definition',
  );
  const service = emptyService(moment, resource, cluster, read, name);
  moment.state.services.push(service);
  const before = { ...moment, now: moment.now - DEPLOYED_BEFORE_MS };
  const deployment = startDeployment(before, service, definition.arn);
  if (service.desired === 0) endDeployment(before, service, deployment, 'SUCCESSFUL');
  return { ref: service.arn, attributes: { Name: name, ServiceArn: service.arn } };
}

function emptyService(
  moment: Moment,
  resource: TemplateResource,
  cluster: ClusterState,
  read: ServiceProperties,
  name: string,
): ServiceState {
  const { account, region } = resource;
  const provider = providerOf(moment, resource, cluster, read);
  const loadBalancers = asApi(read.LoadBalancers) as LoadBalancer[];
  const settings = settingsIn(resource, read);
  if (settings.strategy.kind !== 'ROLLING') checkBalancers(resource, loadBalancers);
  return {
    account,
    region,
    arn: ecsArn(resource, `service/${cluster.name}/${name}`),
    name,
    cluster: cluster.arn,
    createdAt: moment.now - DEPLOYED_BEFORE_MS,
    status: 'ACTIVE',
    desired: read.DesiredCount,
    ...settings,
    loadBalancers,
    ...(provider === undefined ? {} : { provider }),
    revisions: {},
    sides: {},
    deployments: [],
    events: [],
  };
}

/** CloudFormation leaves out an empty list of hooks. */
function settingsIn(resource: TemplateResource, read: ServiceProperties): DeploymentSettings {
  const { Strategy, LifecycleHooks, ...given } = read.DeploymentConfiguration ?? {};
  const shifts = Strategy !== undefined && Strategy !== 'ROLLING';
  const settings: Input = {
    deploymentConfiguration: asApi({
      ...given,
      Strategy,
      LifecycleHooks: LifecycleHooks ?? (shifts ? [] : undefined),
    }),
    healthCheckGracePeriodSeconds: read.HealthCheckGracePeriodSeconds,
  };
  try {
    return settingsOf(DEFAULT_SETTINGS, settings);
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    throw notRehearsed(resource, 'DeploymentConfiguration', error.message);
  }
}

/** Without two target groups and a rule there is no traffic to shift. */
function checkBalancers(resource: TemplateResource, balancers: readonly LoadBalancer[]): void {
  const isComplete = balancers.every(({ advancedConfiguration: more }) => {
    return more?.alternateTargetGroupArn !== undefined && more.productionListenerRule !== undefined;
  });
  if (balancers.length > 0 && isComplete) return;
  throw notRehearsed(
    resource,
    'LoadBalancers',
    'the rehearsal models strategies that shift traffic with an alternate target group and a production listener rule',
  );
}

const notRehearsed = (
  { stack, logicalId, path, type }: TemplateResource,
  property: string,
  allowed: string,
): LockstepError =>
  new LockstepError('NotRehearsed', {
    place: `${path || `${stack}/${logicalId}`} (${type}) ${property}`,
    value: 'what the template declares',
    allowed,
    change: 'change the template, or extend the model of ECS',
  });

/** A launch type rules capacity providers out; without either, the cluster's default strategy counts. */
function providerOf(
  moment: Moment,
  resource: TemplateResource,
  cluster: ClusterState,
  { CapacityProviderStrategy: strategy, LaunchType: launchType }: ServiceProperties,
): string | undefined {
  const [first] = strategy ?? [];
  if (first) return providerNamed(moment, resource, first.CapacityProvider);
  if (launchType === 'FARGATE') return 'FARGATE';
  return launchType === undefined ? cluster.defaultProvider : undefined;
}
