import pc from 'picocolors';
import { addPlan } from '../../cli/add-plan';
import { mermaidPlan, type PlanReport, planReport, renderPlan } from '../../cli/plan';
import type { PipelinePlan } from '../../workflows';
import { planPipelines } from '../../workflows';
import { sources } from '../proofs/sample';
import { runCommand } from './run-command';

jest.mock('../../bin/load-platform', () => ({
  loadPlatform: () => jest.requireActual<{ default: unknown }>('../fixtures/sample-platform').default,
}));

const { manifest } = sources();
const plans = planPipelines(manifest);
const report = planReport(manifest, plans);
const jobOf = ({ workflows }: PlanReport, file: string, job: string) =>
  workflows.find((one) => one.file.endsWith(file))?.jobs.find(({ id }) => id === job);

test('--json prints the documented shape, with every job of every plan', async () => {
  const { code, stdout, stderr } = await runCommand(['plan', '--json'], addPlan);
  expect([code, stderr]).toEqual([0, '']);
  const printed = JSON.parse(stdout) as PlanReport;
  expect(printed).toEqual(JSON.parse(JSON.stringify(report)));
  expect(printed.workflows.map(({ file }) => file)).toEqual(plans.map(({ file }) => file));
  for (const [index, workflow] of printed.workflows.entries()) {
    expect(Object.keys(workflow)).toEqual(['file', 'triggers', 'jobs']);
    expect(workflow.triggers).toEqual(JSON.parse(JSON.stringify(plans[index]?.triggers)));
    expect(workflow.jobs.map(({ id }) => id)).toEqual(plans[index]?.jobs.map(({ id }) => id));
  }
});

test('a job has its needs, environment, role, session, timeout and calls, and leaves out what it has not', () => {
  const deploy = jobOf(report, 'kvs-infer-deploy.yml', 'deploy-production');
  expect(deploy).toEqual({
    id: 'deploy-production',
    needs: ['build', 'scan', 'deploy-staging'],
    condition: expect.stringContaining('production'),
    environment: 'production',
    role: 'ml-platform-kvs-infer-production-deploy',
    session: 45,
    timeoutMinutes: 45,
    calls: expect.arrayContaining([
      expect.objectContaining({
        action: 'ecs:UpdateService',
        resources: [expect.stringMatching(/^arn:aws:ecs:us-east-1:222222222222:service\//)],
      }),
    ]),
  });
  const calls = deploy?.calls.map((call) => JSON.stringify(call)) ?? [];
  expect(new Set(calls).size).toBe(calls.length);
  expect(jobOf(report, 'kvs-infer-deploy.yml', 'test')).toEqual({
    id: 'test',
    needs: [],
    timeoutMinutes: 20,
    calls: [],
  });
});

test('the tree names triggers, jobs with what they wait for, roles, and the calls by service', () => {
  const lines = renderPlan(report, pc.createColors(false)).split('\n');
  for (const line of [
    '.github/workflows/kvs-infer-deploy.yml',
    'on push to main; tag v*; by hand with environment',
    'on push to main; pull request to main',
    '├─ deploy-staging after build, scan',
    '│    environment staging',
    '│    role ml-platform-kvs-infer-staging-deploy, session 45 min',
    '│    ecr BatchGetImage, GetAuthorizationToken, GetDownloadUrlForLayer',
    '└─ rollback-production after deploy-production',
    '     environment production-rollback',
  ]) {
    expect(lines).toContain(line);
  }
  const jobs = report.workflows.flatMap((workflow) => workflow.jobs);
  expect(lines.filter((line) => /^[├└]─ /.test(line))).toHaveLength(jobs.length);
  expect(lines.filter((line) => line.startsWith('└─ '))).toHaveLength(report.workflows.length);
});

/** What a Mermaid flowchart of the plan's form consists of. @throws Error for a line of another form */
function readMermaid(text: string) {
  const [head, ...lines] = text.trimEnd().split('\n');
  const chart = { head, nodes: [] as string[], labels: [] as string[], edges: [] as string[][], depth: 0 };
  for (const line of lines) {
    const [, node, label] = /^ {4}(\w+)\["([^"]+)"\]$/.exec(line) ?? [];
    const [, from, to] = /^ {4}(\w+) --> (\w+)$/.exec(line) ?? [];
    if (node !== undefined && label !== undefined) {
      chart.nodes.push(node);
      chart.labels.push(label);
    } else if (from !== undefined && to !== undefined) chart.edges.push([from, to]);
    else if (/^ {2}subgraph \w+\["[^"]+"\]$/.test(line)) chart.depth += 1;
    else if (line === '  end') chart.depth -= 1;
    else throw new Error(`no line of a flowchart: ${line}`);
  }
  return chart;
}

describe('--mermaid', () => {
  test('a node for each job under an id of its own, an edge for each need between nodes that are there', async () => {
    const { code, stdout } = await runCommand(['plan', '--mermaid'], addPlan);
    expect(code).toBe(0);
    const { head, nodes, labels, edges, depth } = readMermaid(stdout);
    const jobs = report.workflows.flatMap((workflow) => workflow.jobs);
    expect([head, depth]).toEqual(['flowchart LR', 0]);
    expect(labels.map((label) => label.split('<br/>'))).toEqual(
      jobs.map(({ id, role }) => (role === undefined ? [id] : [id, role])),
    );
    expect(new Set(nodes).size).toBe(jobs.length);
    expect(edges).toHaveLength(jobs.flatMap(({ needs }) => needs).length);
    for (const end of edges.flat()) expect(nodes).toContain(end);
  });

  test('ids that differ in punctuation only are two nodes', () => {
    const [first] = plans.filter(({ file }) => file.endsWith('kvs-infer-rollback.yml'));
    const [job] = first?.jobs ?? [];
    const alike: PipelinePlan = {
      ...first!,
      jobs: [
        { ...job!, id: 'a-b', needs: [] },
        { ...job!, id: 'a_b', needs: ['a-b'] },
      ],
    };
    const { nodes, edges } = readMermaid(mermaidPlan(planReport(manifest, [alike])));
    expect(new Set(nodes).size).toBe(2);
    expect(edges).toEqual([nodes]);
  });

  test('is not printed as JSON: both together are wrong usage', async () => {
    const { code, stdout, stderr } = await runCommand(['plan', '--mermaid', '--json'], addPlan);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--mermaid');
  });
});
