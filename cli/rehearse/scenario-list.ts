import type { Scenario } from '../../rehearsal/scenarios';
import { byWorkflow } from '../../rehearsal/report/by-workflow';
import type { Paint } from '../local-command';
import { line } from './marks';

/** The names that `--scenario` and `--fault` know, each with its sentence. */
export function renderScenarioList(scenarios: readonly Scenario[], paint: Paint): string {
  const width = Math.max(0, ...scenarios.map(({ name }) => line(name).length));
  return [
    ...[...byWorkflow(scenarios)].flatMap(([workflow, some]) => [
      '',
      paint.bold(line(workflow)),
      ...some.map(({ name, title }) => `  ${line(name).padEnd(width)}  ${paint.dim(line(title))}`),
    ]),
    '',
    '',
  ].join('\n');
}
