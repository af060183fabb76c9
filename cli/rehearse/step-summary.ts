import { workflowName } from '../../rehearsal/report/names';
import { timeline } from '../../rehearsal/report/timeline';
import { hasPassed, LIMITS } from '../../rehearsal/report/verdict';
import { virtualTime } from '../../rehearsal/report/virtual-time';
import { whatHappened } from '../../rehearsal/report/what-happened';
import type {
  CallReview,
  RehearsalReport,
  ReviewedCall,
  ScenarioReport,
} from '../../rehearsal/scenarios/scenario';
import { code, codeBlock, sections, table, text } from '../../runtime/renderers/markdown';
import { counted } from './marks';

/** Last lines of each failed step that are shown. */
const LAST_LINES = 20;

/**
 * The step summary in Markdown: what failed first, then every scenario. A scenario that was run alone or that
 * failed is drawn over virtual time.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
export function rehearsalSummary(report: RehearsalReport): string {
  const { scenarios, calls, proofs = [] } = report;
  const passed = scenarios.filter((scenario) => scenario.passed).length;
  const drawn = scenarios.filter((scenario) => !scenario.passed || scenarios.length === 1);
  const findings = proofs.flatMap((proof) =>
    proof.findings.map((fault) => ({ proof: proof.code, ...fault })),
  );
  return sections([
    [
      `## ${hasPassed(report) ? '✅' : '❌'} Rehearsal: ${passed} of ${counted(scenarios.length, 'scenario')} as expected`,
    ],
    ...drawn.map(scenarioSection),
    calls && callSection(calls),
    findings.length > 0 && [
      '### Findings of the proofs',
      '',
      ...table(
        ['proof', 'place', 'got', 'allowed', 'change'],
        findings.map(({ proof, place, value, allowed, change }) => [
          proof,
          ...[place, value, allowed, change].map(text),
        ]),
      ),
    ],
    [
      '### Scenarios',
      '',
      ...table(['', 'workflow', 'scenario', 'what happened', 'virtual time'], scenarios.map(row)),
    ],
    LIMITS,
  ]);
}

const row = (report: ScenarioReport): readonly string[] => [
  report.passed ? '✅' : '❌',
  text(workflowName(report.workflow)),
  text(report.name),
  text(whatHappened(report)),
  virtualTime(report.endedAt - report.startedAt),
];

function scenarioSection(report: ScenarioReport): readonly string[] {
  const { workflow, name, title, passed, surprises, jobs } = report;
  const failed = jobs.flatMap(({ id, steps }) =>
    steps.filter(({ outcome }) => outcome === 'failure').map((step) => ({ id, step })),
  );
  return [
    `### ${passed ? '✅' : '❌'} ${text(`${workflowName(workflow)} ${name}`)}`,
    '',
    text(title),
    '',
    ...(surprises.length > 0
      ? [
          ...table(
            ['', 'got', 'allowed'],
            surprises.map(({ place, value, allowed }) => [place, value, allowed].map(text)),
          ),
          '',
        ]
      : []),
    ...failed.flatMap(({ id, step }) => [
      `${text(`${id}/${step.name}`)} ${code(`${workflow}:${step.line}`)}`,
      '',
      ...codeBlock(step.log.slice(-LAST_LINES)),
      '',
    ]),
    '```mermaid',
    timeline(report).trimEnd(),
    '```',
  ];
}

function callSection({ undeclared, unmade, matched }: CallReview): readonly string[] {
  const rows = (found: string, calls: readonly ReviewedCall[]) =>
    calls.map(({ role, action, resource, place }) => [
      found,
      code(action),
      code(resource),
      code(role),
      text(place),
    ]);
  const all = [...rows('not declared', undeclared), ...rows('never made', unmade)];
  return [
    '### Calls',
    '',
    `${matched} made and declared, ${undeclared.length} made but not declared, ${unmade.length} declared but never made.`,
    ...(all.length > 0 ? ['', ...table(['', 'action', 'resource', 'role', 'place'], all)] : []),
  ];
}
