import type { DeployManifest } from '../contract';
import type { PipelinePlan } from '../workflows';

/** A stack as the cloud assembly lists it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly resources: number;
}

/** What `npm start` made, and where it stands. */
export interface Summary {
  readonly platform: string;
  readonly repository: string;
  readonly stacks: readonly SynthesizedStack[];
  /** Jobs in waves: those of one wave wait for the same, or for nothing. */
  readonly workflows: readonly { readonly file: string; readonly waves: readonly (readonly string[])[] }[];
  readonly roles: readonly {
    readonly name: string;
    readonly account: string;
    readonly purpose: string;
    readonly environment?: string;
  }[];
}

export function summarize(
  manifest: DeployManifest,
  plans: readonly PipelinePlan[],
  stacks: readonly SynthesizedStack[],
): Summary {
  return {
    platform: manifest.platform,
    repository: `${manifest.repository.owner}/${manifest.repository.name}`,
    stacks,
    workflows: plans.map(({ file, jobs }) => ({ file, waves: wavesOf(jobs) })),
    roles: manifest.roles.map(({ name, account, purpose, environment }) => ({
      name,
      account,
      purpose,
      ...(environment !== undefined && { environment }),
    })),
  };
}

/** Jobs by the longest way that leads to them. */
function wavesOf(jobs: PipelinePlan['jobs']): readonly (readonly string[])[] {
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const needs = jobs.find((job) => job.id === id)?.needs ?? [];
    const depth = Math.max(-1, ...needs.map(depthOf)) + 1;
    depths.set(id, depth);
    return depth;
  };
  const waves: string[][] = [];
  for (const { id } of jobs) (waves[depthOf(id)] ??= []).push(id);
  return waves;
}

/** The summary as a person reads it in a terminal. `paint.bold` and `paint.dim` may do nothing. */
export function renderSummary(
  summary: Summary,
  paint: { readonly bold: (text: string) => string; readonly dim: (text: string) => string },
): string {
  const { stacks, workflows, roles } = summary;
  const section = (title: string, where: string, rows: readonly (readonly string[])[]) => [
    `${paint.bold(title)}  ${paint.dim(where)}`,
    ...columns(rows).map((row) => `  ${row}`),
    '',
  ];
  return [
    '',
    `${paint.bold(summary.platform)} of ${summary.repository}`,
    '',
    ...section(
      `${stacks.length} stacks`,
      'cdk.out/<stack>.template.json, without a finding of CloudFormation rules or cdk-nag',
      stacks.map(({ name, account, region, resources }) => [
        name,
        account,
        region,
        `${resources} resource${resources === 1 ? '' : 's'}`,
      ]),
    ),
    ...section(
      `${workflows.length} workflows`,
      '.github/workflows/',
      workflows.map(({ file, waves }) => [
        file.replace('.github/workflows/', ''),
        waves.map((wave) => wave.join(', ')).join(' → '),
      ]),
    ),
    ...section(
      `${roles.length} roles`,
      'assumed by jobs of the workflows; their calls stand in .lockstep/manifest.json',
      roles.map(({ name, account, purpose, environment }) => [
        name,
        account,
        purpose,
        environment === undefined ? 'jobs without environment' : `jobs in environment ${environment}`,
      ]),
    ),
    paint.bold('Next'),
    '  Edit platform.config.ts, then run `npx projen` and commit what changed.',
    '  With AWS accounts: README.md, “Make it yours”; `npx cdk deploy --all` comes before the first push.',
    '',
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
