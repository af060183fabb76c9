import { byWorkflow } from '../../rehearsal/report/by-workflow';
import { scenarioName } from '../../rehearsal/report/names';
import { hasPassed, LIMITS } from '../../rehearsal/report/verdict';
import { virtualTime } from '../../rehearsal/report/virtual-time';
import { whatHappened } from '../../rehearsal/report/what-happened';
import type { RehearsalReport, ScenarioReport } from '../../rehearsal/scenarios/scenario';
import type { Paint } from '../local-command';
import { callReviewLines, proofLines } from './call-lines';
import { failedScenario } from './failed-scenario';
import { counted, fact, line, mark } from './marks';

/** The report as a person reads it: a line for each scenario, what went wrong, the calls, the verdict. */
export function renderRehearsal(report: RehearsalReport, paint: Paint): string {
  const { scenarios, calls, proofs } = report;
  const failed = scenarios.filter(({ passed }) => !passed);
  const leftovers = scenarios.flatMap((scenario) =>
    scenario.leftovers.map((left) => `  ${line(scenarioName(scenario))}: ${fact(left)}`),
  );
  return [
    ...scenarioLines(scenarios, paint),
    ...failed.flatMap((scenario) => ['', ...failedScenario(scenario, paint)]),
    ...(calls ? ['', ...callReviewLines(calls, proofs !== undefined, paint)] : []),
    ...(proofs ? ['', ...proofLines(proofs, paint)] : []),
    ...(leftovers.length > 0 ? ['', paint.bold('Left behind'), ...leftovers] : []),
    '',
    verdict(report, paint),
    ...LIMITS.map((limit) => paint.dim(limit)),
    '',
    '',
  ].join('\n');
}

/** A block for each workflow, in the order in which they came. */
function scenarioLines(scenarios: readonly ScenarioReport[], paint: Paint): readonly string[] {
  const width = Math.max(0, ...scenarios.map(({ name }) => line(name).length));
  const times = scenarios.map(({ startedAt, endedAt }) => virtualTime(endedAt - startedAt));
  const timeWidth = Math.max(0, ...times.map(({ length }) => length));
  return [...byWorkflow(scenarios)].flatMap(([workflow, some]) => [
    '',
    paint.bold(line(workflow)),
    ...some.map((scenario) => {
      const time = virtualTime(scenario.endedAt - scenario.startedAt).padStart(timeWidth);
      const sign = mark(scenario.passed ? 'success' : 'failure', paint);
      const happened = line(whatHappened(scenario));
      return `${sign} ${line(scenario.name).padEnd(width)}  ${paint.dim(time)}  ${scenario.passed ? paint.dim(happened) : paint.red(happened)}`;
    }),
  ]);
}

function verdict(report: RehearsalReport, paint: Paint): string {
  const { scenarios, calls, proofs = [], seconds } = report;
  const failed = scenarios.filter(({ passed }) => !passed).length;
  const findings = proofs.reduce((sum, proof) => sum + proof.findings.length, 0);
  const virtual = scenarios.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
  const time = paint.dim(`${virtualTime(virtual)} of virtual time in ${seconds.toFixed(1)} s`);
  if (hasPassed(report)) {
    return `${mark('success', paint)} ${paint.bold(`${counted(scenarios.length, 'scenario')} as expected`)}  ${time}`;
  }
  const wrong = [
    ...(scenarios.length === 0 ? ['nothing was rehearsed'] : []),
    ...(failed > 0 ? [`${failed} of ${counted(scenarios.length, 'scenario')} not as expected`] : []),
    ...(calls && calls.undeclared.length > 0 ? [`${calls.undeclared.length} undeclared`] : []),
    ...(calls && calls.unmade.length > 0 ? [`${calls.unmade.length} never made`] : []),
    ...(findings > 0 ? [counted(findings, 'finding')] : []),
  ];
  return `${mark('failure', paint)} ${paint.bold(wrong.join(', '))}  ${time}`;
}
