import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Situation } from './aws/situation';
import { workflowName } from './report/names';
import type { ScenarioReport } from './scenarios/scenario';

/**
 * Writes what the emulated AWS knows at the end of a scenario, and what happened in it, for a person to look at.
 *
 * @param folder is made
 */
export function keepScenario(folder: string, report: ScenarioReport, situation: Situation): void {
  const { calls, jobs, workflow, name } = report;
  const to = join(folder, `${workflowName(workflow)}-${name}`.replace(/[^A-Za-z0-9@.-]+/g, '-'));
  mkdirSync(to, { recursive: true });
  const write = (file: string, value: unknown): void =>
    writeFileSync(join(to, file), `${JSON.stringify(value, plain, 2)}\n`);
  write('aws.json', situation.states);
  write('calls.json', calls);
  write('jobs.json', jobs);
}

/** Maps and sets have no form in JSON. */
function plain(_: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}
