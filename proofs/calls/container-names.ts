import { z } from 'zod';
import { type Fault, MANIFEST_PATH, type TargetEntry } from '../../contract';
import type { Resource, Value } from '../artefacts';
import type { PhysicalNames } from './arn-names';
import type { Checked } from './text';

/** Kind of the targets that run as tasks of ECS, as the manifest names it. */
const ECS_SERVICE = 'ecs-service';

/** What a spec says of the task definition that the pipeline registers revisions of. */
const SPEC = z.object({
  container: z.string(),
  taskDefinitionFamily: z.string(),
  taskRoleArn: z.string(),
  executionRoleArn: z.string(),
  logGroup: z.string(),
  logStreamPrefix: z.string(),
});
type Spec = z.infer<typeof SPEC>;

/** The one log driver whose streams carry group and prefix. */
const LOG_DRIVER = 'awslogs';

/**
 * Names in the spec of an ECS service that mean something only within its task definition: the container whose
 * image is changed, where its logs are, the roles that are handed over.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
 */
export function containerNames(target: TargetEntry, physical: PhysicalNames): Checked {
  if (target.kind !== ECS_SERVICE) return { checked: 0, findings: [] };
  const place = `${MANIFEST_PATH} targets.${target.id} (${target.constructPath}) spec`;
  const parsed = SPEC.safeParse(target.spec);
  if (!parsed.success) {
    const findings = parsed.error.issues.map((issue) => ({
      place: `${place}.${issue.path.join('.')}`,
      value: 'no name that could be compared',
      allowed: 'container, task definition, roles and logs of the service, as texts',
      change: 'run `npx projen` to write the manifest anew',
    }));
    return { checked: findings.length, findings };
  }
  const spec = parsed.data;
  const definitions = physical.find('AWS::ECS::TaskDefinition', spec.taskDefinitionFamily, target);
  // A family that no template makes is found where ARNs are compared.
  const findings = definitions.flatMap((definition) => definitionFaults(definition, spec, place));
  return { checked: definitions.length * Object.keys(SPEC.shape).length, findings };
}

/** What a spec and the definition of its family say differently. */
export function definitionFaults(definition: Resource, spec: Spec, place: string): readonly Fault[] {
  const { properties, path } = definition;
  const said = (field: keyof Spec, found: Value | undefined, where: string): readonly Fault[] =>
    spec[field] === found
      ? []
      : [
          {
            place: `${place}.${field}`,
            value: spec[field],
            allowed: `${String(found ?? 'nothing')}, ${where} of ${path}`,
            change: 'run `npx projen`, so that the manifest follows the task definition',
          },
        ];
  const roles = [
    ...said('taskRoleArn', properties.TaskRoleArn, 'the task role'),
    ...said('executionRoleArn', properties.ExecutionRoleArn, 'the execution role'),
  ];
  const containers = listOf(properties.ContainerDefinitions).map(recordOf);
  const container = containers.find(({ Name }) => Name === spec.container);
  if (!container) {
    const named = containers.map(({ Name }) => String(Name)).join(' or ');
    return [...roles, ...said('container', named, 'the containers')];
  }
  const { LogDriver, Options } = recordOf(container.LogConfiguration);
  const options = LogDriver === LOG_DRIVER ? recordOf(Options) : {};
  const where = `the ${LOG_DRIVER} driver of the container ${spec.container}`;
  return [
    ...roles,
    ...said('logGroup', options['awslogs-group'], where),
    ...said('logStreamPrefix', options['awslogs-stream-prefix'], where),
  ];
}

const listOf = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [];

const recordOf = (value: Value | undefined): { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Value })
    : {};
