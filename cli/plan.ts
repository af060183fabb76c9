import type { AwsCall, DeployManifest } from '../contract';
import type { PipelinePlan } from '../workflows';
import type { Paint } from './local-command';

/** What would be emitted and granted: the shape that `lockstep plan --json` prints. */
export interface PlanReport {
  readonly workflows: readonly PlannedWorkflow[];
}

interface PlannedWorkflow {
  readonly file: string;
  readonly triggers: PipelinePlan['triggers'];
  readonly jobs: readonly {
    readonly id: string;
    readonly needs: readonly string[];
    readonly condition?: string;
    readonly environment?: string;
    /** Name of the role. */
    readonly role?: string;
    /** Session of the role, minutes. */
    readonly session?: number;
    readonly timeoutMinutes: number;
    readonly calls: readonly AwsCall[];
  }[];
}

export function planReport(manifest: DeployManifest, plans: readonly PipelinePlan[]): PlanReport {
  const nameOf = (id: string) => manifest.roles.find((role) => role.id === id)?.name ?? id;
  return {
    workflows: plans.map(({ file, triggers, jobs }) => ({
      file,
      triggers,
      jobs: jobs.map(({ id, needs, condition, environment, role, timeoutMinutes, steps }) => ({
        id,
        needs,
        ...(condition !== undefined && { condition }),
        ...(environment !== undefined && { environment }),
        ...(role && { role: nameOf(role.id), session: role.sessionMinutes }),
        timeoutMinutes,
        calls: distinct(steps.flatMap(({ calls }) => calls)),
      })),
    })),
  };
}

function distinct(calls: readonly AwsCall[]): readonly AwsCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

/** A tree: workflow, jobs with what they wait for, and the calls of each job. */
export function renderPlan({ workflows }: PlanReport, paint: Paint): string {
  const lines = workflows.flatMap(({ file, triggers, jobs }) => [
    '',
    paint.bold(file),
    paint.dim(`on ${triggerTexts(triggers).join('; ')}`),
    ...jobs.flatMap((job, index) => {
      const last = index === jobs.length - 1;
      const needs = job.needs.length > 0 ? paint.dim(` after ${job.needs.join(', ')}`) : '';
      const details = [
        ...(job.environment === undefined ? [] : [`environment ${job.environment}`]),
        ...(job.role === undefined ? [] : [`role ${job.role}, session ${String(job.session)} min`]),
        `timeout ${job.timeoutMinutes} min`,
        ...callLines(job.calls),
      ];
      return [
        `${last ? '└─' : '├─'} ${paint.bold(job.id)}${needs}`,
        ...details.map((detail) => `${last ? '  ' : '│ '}   ${paint.dim(detail)}`),
      ];
    }),
  ]);
  return [...lines, '', ''].join('\n');
}

function triggerTexts({
  push,
  pullRequest,
  schedule,
  dispatch,
}: PipelinePlan['triggers']): readonly string[] {
  const inputs = Object.keys(dispatch?.inputs ?? {});
  return [
    ...(push ? [`push to ${push.branches.join(', ')}`] : []),
    ...(push?.tags?.length ? [`tag ${push.tags.join(', ')}`] : []),
    ...(pullRequest ? [`pull request to ${pullRequest.branches.join(', ')}`] : []),
    ...(schedule === undefined ? [] : [`schedule ${schedule} (UTC)`]),
    ...(dispatch ? [`by hand${inputs.length > 0 ? ` with ${inputs.join(', ')}` : ''}`] : []),
  ];
}

/** Calls by service, in a line each: `ecs DescribeServices, UpdateService`. */
function callLines(calls: readonly AwsCall[]): readonly string[] {
  const services = new Map<string, Set<string>>();
  for (const { action } of calls) {
    const [service = '', name = ''] = action.split(':');
    services.set(service, (services.get(service) ?? new Set()).add(name));
  }
  return [...services]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([service, names]) => `${service} ${[...names].sort().join(', ')}`);
}

/**
 * The jobs and edges as a Mermaid flowchart, a subgraph for each workflow.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaidPlan({ workflows }: PlanReport): string {
  return [
    'flowchart LR',
    ...workflows.flatMap(({ file, jobs }, index) => {
      // Numbers, because ids that differ in punctuation only would become one node.
      const nodes = new Map(jobs.map(({ id }, at) => [id, `w${index}j${at}`]));
      return [
        `  subgraph w${index}["${file.replace('.github/workflows/', '')}"]`,
        ...jobs.map(
          ({ id, role }) => `    ${nodes.get(id)}["${id}${role === undefined ? '' : `<br/>${role}`}"]`,
        ),
        ...jobs.flatMap(({ id, needs }) =>
          needs.map((need) => `    ${nodes.get(need)} --> ${nodes.get(id)}`),
        ),
        '  end',
      ];
    }),
    '',
  ].join('\n');
}
