import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { isAt, type Place } from '../place';
import type { Moment } from './moment';
import { ecsArn, lastPart } from './names';
import { NO_ROOM, plus, type Room } from './room';
import type { EcsState, TaskDefinitionState } from './state';

/**
 * Adds a revision to a family.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function register(
  { state, now }: Moment,
  where: Place,
  content: RegisterTaskDefinitionRequest,
  registeredBy?: string,
): TaskDefinitionState {
  const family = content.family ?? '';
  const revision = 1 + ofFamily(state, where, family).length;
  const definition: TaskDefinitionState = {
    account: where.account,
    region: where.region,
    arn: ecsArn(where, `task-definition/${family}:${revision}`),
    family,
    revision,
    status: 'ACTIVE',
    registeredAt: now,
    content,
    ...(registeredBy === undefined ? {} : { registeredBy }),
  };
  state.taskDefinitions.push(definition);
  return definition;
}

/**
 * A family stands for its latest active revision; an inactive one must be named.
 *
 * @param name ARN, `family:revision` or family
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
 */
export function findDefinition(state: EcsState, where: Place, name: string): TaskDefinitionState | undefined {
  if (name.startsWith('arn:')) return state.taskDefinitions.find(({ arn }) => arn === name);
  const named = ecsArn(where, `task-definition/${lastPart(name)}`);
  const active = ofFamily(state, where, name).filter(({ status }) => status === 'ACTIVE');
  return state.taskDefinitions.find(({ arn }) => arn === named) ?? active.at(-1);
}

const ofFamily = (state: EcsState, where: Place, family: string): TaskDefinitionState[] =>
  state.taskDefinitions.filter((each) => isAt(each, where) && each.family === family);

/** What a task of the definition needs: that of the task, else the sum of its containers. */
export function needOf({ content }: TaskDefinitionState): Room {
  const containers = content.containerDefinitions ?? [];
  const sum = containers
    .map(({ cpu = 0, memory, memoryReservation, resourceRequirements = [] }) => ({
      cpu,
      memory: memoryReservation ?? memory ?? 0,
      gpus: resourceRequirements
        .filter(({ type }) => type === 'GPU')
        .reduce((gpus, { value }) => gpus + Number(value), 0),
    }))
    .reduce(plus, NO_ROOM);
  return {
    cpu: content.cpu === undefined ? sum.cpu : Number(content.cpu),
    memory: content.memory === undefined ? sum.memory : Number(content.memory),
    gpus: sum.gpus,
  };
}

export const hasHealthCheck = ({ content }: TaskDefinitionState): boolean =>
  content.containerDefinitions?.some(({ healthCheck }) => healthCheck !== undefined) ?? false;

/** When a container's health is known. Seconds since its start. */
export interface HealthTiming {
  readonly interval: number;
  /** A container that never passes is unhealthy then. */
  readonly unhealthyAfter: number;
}

/**
 * The slowest check of the task. The first probe runs one interval after the start; failures within the start
 * period do not count.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export function healthTiming({ content }: TaskDefinitionState): HealthTiming {
  const checks = (content.containerDefinitions ?? []).flatMap(({ healthCheck }) => healthCheck ?? []);
  const timings = checks.map(({ interval = 30, retries = 3, startPeriod = 0 }) => ({
    interval,
    unhealthyAfter: (Math.floor(startPeriod / interval) + retries) * interval,
  }));
  return timings.reduce((slowest, each) => (each.unhealthyAfter > slowest.unhealthyAfter ? each : slowest), {
    interval: 0,
    unhealthyAfter: 0,
  });
}
