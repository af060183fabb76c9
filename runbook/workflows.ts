import type { DispatchInput, PipelinePlan } from '../workflows';
import { code, list, section, shell, table } from './markdown';
import type { Subject } from './subject';

/** Each workflow: file, triggers, jobs, and how to start it. */
export function workflows({ plans, commonPlans }: Subject): string {
  return section(
    '## Workflows',
    ...plans.map(workflow),
    section(
      '### For all workloads',
      list(commonPlans.map((plan) => `${link(plan)}: ${triggers(plan).join('; ')}${started(plan)}`)),
    ),
  );
}

function workflow(plan: PipelinePlan): string {
  const command = startCommand(plan);
  return section(
    `### ${plan.name}`,
    `${link(plan)}: ${triggers(plan).join('; ')}.`,
    plan.comment.join(' '),
    table(
      ['Job', 'Name', 'After', 'Environment', 'At most'],
      plan.jobs.map(({ id, name, needs, environment, timeoutMinutes }) => [
        code(id),
        ofMatrix(name),
        needs.map(code).join(', '),
        environment === undefined ? '' : code(environment),
        `${timeoutMinutes} min`,
      ]),
    ),
    command === undefined ? '' : shell([command, ...inputs(plan)]),
  );
}

/** The field of the matrix in place of the expression that reads it; bare, `<cuda>` would be a tag. */
const ofMatrix = (name: string): string =>
  name.replaceAll(/\$\{\{ matrix\.([\w-]+) \}\}/g, (_, field: string) => code(`<${field}>`));

export const fileName = ({ file }: PipelinePlan): string => file.replace('.github/workflows/', '');

const link = (plan: PipelinePlan): string => `[${code(fileName(plan))}](../../${plan.file})`;

function triggers({ triggers: { push, pullRequest, dispatch, schedule } }: PipelinePlan): readonly string[] {
  return [
    ...(push
      ? [
          `each push to ${push.branches.map(code).join(', ')}${push.paths ? ` that touches ${push.paths.map(code).join(', ')}` : ''}`,
        ]
      : []),
    ...(push?.tags?.length ? [`each tag ${push.tags.map(code).join(', ')}`] : []),
    ...(pullRequest ? [`each pull request to ${pullRequest.branches.map(code).join(', ')}`] : []),
    ...(schedule === undefined ? [] : [`by the clock, ${code(schedule)} (UTC)`]),
    ...(dispatch ? ['by hand'] : []),
  ];
}

const started = (plan: PipelinePlan): string => {
  const command = startCommand(plan);
  return command === undefined ? '' : `: ${code(command)}`;
};

/**
 * Starts a workflow by hand, with the value of each choice that goes furthest.
 *
 * @param given values of inputs, by their names
 * @returns undefined where people cannot start it
 */
export function startCommand(
  plan: PipelinePlan,
  given: Readonly<Record<string, string>> = {},
): string | undefined {
  const { dispatch } = plan.triggers;
  if (!dispatch) return undefined;
  const fields = Object.entries(dispatch.inputs).flatMap(([name, input]) => {
    const value = given[name] ?? valueOf(input);
    return value === undefined ? [] : [`--field ${name}=${value}`];
  });
  return ['gh workflow run', fileName(plan), ...fields].join(' ');
}

const valueOf = (input: DispatchInput): string | undefined =>
  input.type === 'choice' ? (input.default ?? input.options[0]) : undefined;

function inputs({ triggers: { dispatch } }: PipelinePlan): readonly string[] {
  return Object.entries(dispatch?.inputs ?? {}).map(
    ([name, input]) =>
      `#   ${name}: ${input.description}${input.type === 'choice' ? ` (${input.options.join(', ')})` : ''}`,
  );
}
