import type { Artefacts } from '../artefacts';
import { exactly, type Need } from '../calls/need';
import { CHOSEN_BY_AWS } from '../calls/role-review';
import { reviewRole, type ServiceRoleFaults } from '../calls/service-role';
import { type GpuCheck, gpuChecksOf } from './spec';

const TASKS = 'ecs-tasks.amazonaws.com';

/**
 * Roles of the tasks of a check: ECS pulls the image of a combination and writes its log with one, and the program itself
 * may do nothing at all with the other.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function checkRoleFaults(artefacts: Artefacts): ServiceRoleFaults {
  const parts = gpuChecksOf(artefacts.manifest).flatMap((check) => [
    roleFaults(
      check.spec.executionRoleArn,
      executionNeeds(check),
      check,
      artefacts,
      'it starts tasks and writes their logs',
    ),
    roleFaults(
      check.spec.taskRoleArn,
      [],
      check,
      artefacts,
      'what a combination is made of is tried out, and not trusted',
    ),
  ]);
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    missing: parts.flatMap(({ missing }) => missing),
    beyond: parts.flatMap(({ beyond }) => beyond),
  };
}

function roleFaults(
  arn: string,
  needs: readonly Need[],
  { entry }: GpuCheck,
  artefacts: Artefacts,
  why: string,
): ServiceRoleFaults {
  const role = artefacts.roles.find((one) => one.arn === arn);
  // A role that no template makes is found among the names.
  if (!role) return { checked: 0, missing: [], beyond: [] };
  return reviewRole(role, needs, artefacts, TASKS, entry.account, why);
}

function executionNeeds({ entry, spec }: GpuCheck): readonly Need[] {
  const { account, region, image } = entry;
  const { repository } = image;
  const group = `arn:aws:logs:${region}:${account}:log-group:${spec.logGroup}`;
  return [
    exactly(['ecr:GetAuthorizationToken'], ['*']),
    exactly(
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      [`arn:aws:ecr:${repository.region}:${repository.account}:repository/${repository.name}`],
    ),
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      called: [`${group}:log-stream:${CHOSEN_BY_AWS}`],
      granted: [`${group}:*`, `${group}:log-stream:*`],
    },
  ];
}
