import { type PhysicalName, roleName } from '../physical-name';
import { accountOf, type Platform } from '../platform';
import type { EcsServiceEnvironment, EcsServiceFields } from './ecs-service';

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const FUNCTION_NAME_LIMIT = 64;

/** Names of a service on ECS besides those that every workload has. */
export const ecsPhysicalNames = (service: EcsServiceFields, platform: Platform): readonly PhysicalName[] =>
  service.environments.flatMap((environment, index): PhysicalName[] => {
    const { names } = environment;
    const account = accountOf(platform, environment.name);
    const where = `${account} ${service.region}`;
    const field = `environments[${index}].names`;
    const parameters = [names.declaredTaskDefinition, names.releasedTaskDefinition, names.releasedImage];
    return [
      ...[names.taskRole, names.executionRole].map((role) => roleName(role, account)),
      { what: 'cluster', where, name: names.cluster, field: `${field}.cluster` },
      {
        what: 'task definition family',
        where,
        name: names.taskDefinitionFamily,
        field: `${field}.taskDefinitionFamily`,
      },
      { what: 'log group', where, name: names.logGroup, field: `${field}.logGroup` },
      ...parameters.map((parameter) => ({ what: 'parameter', where, name: parameter, field })),
      ...(service.verification ? verificationNames(environment, { account, where, field }) : []),
    ];
  });

/** ECS calls the function by a role of its own, where it moves traffic. */
const verificationNames = (
  { names, strategy }: EcsServiceEnvironment,
  { account, where, field }: { readonly account: string; readonly where: string; readonly field: string },
): readonly PhysicalName[] => [
  {
    what: 'function',
    where,
    name: names.verificationFunction,
    field: `${field}.verificationFunction`,
    longest: FUNCTION_NAME_LIMIT,
  },
  ...(strategy === 'rolling' ? [] : [roleName(names.hookRole, account)]),
];
