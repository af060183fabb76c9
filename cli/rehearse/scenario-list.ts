import type { Scenario } from '../../rehearsal/scenarios';
import { workflowName } from '../../rehearsal/report/names';
import type { Paint } from '../local-command';
import { line } from './marks';

/** The names that `--scenario` and `--fault` know, each with its sentence. */
export function renderScenarioList(scenarios: readonly Scenario[], paint: Paint): string {
  const width = Math.max(0, ...scenarios.map(({ name }) => line(name).length));
  const files = [...new Set(scenarios.map(({ workflow }) => workflow))];
  return [
    ...files.flatMap((file) => [
      '',
      paint.bold(line(workflowName(file))),
      ...scenarios
        .filter(({ workflow }) => workflow === file)
        .map(({ name, title }) => `  ${line(name).padEnd(width)}  ${paint.dim(line(title))}`),
    ]),
    '',
    '',
  ].join('\n');
}
