import type { Fault } from '../../contract';
import type { Artefacts, Trigger, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { commandsOf } from './commands';
import { record } from './occurrences';
import { isInput, writtenOption } from './written-option';

/** Options by which people name a version; a run that names none takes the one that stands elsewhere. */
const NAMING = ['commit', 'model', 'revision'];

/**
 * Inputs by which people name a version must be left out by default: a default names one that nobody chose for this
 * run, and one that is required can never be left to what was released.
 */
export function optionalInputFaults({ workflows }: Artefacts): ProofResult {
  const parts = workflows.map(ofWorkflow);
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

function ofWorkflow(workflow: Workflow): ProofResult {
  const names = namingInputs(workflow);
  const dispatches = workflow.triggers.filter(({ event }) => event === 'workflow_dispatch');
  return {
    checked: names.size,
    findings: dispatches.flatMap((trigger) =>
      [...names].flatMap((name) => faultsOf(workflow, trigger, name)),
    ),
  };
}

/** Inputs, in lower case, as GitHub compares them. */
function namingInputs(workflow: Workflow): ReadonlySet<string> {
  const written = workflow.jobs.flatMap((job) =>
    commandsOf(job).flatMap((use) => NAMING.flatMap((name) => writtenOption(workflow, job, use, name) ?? [])),
  );
  return new Set(
    written.filter(isInput).map((text) => text.replace(/^.*inputs\.|\s*\}\}$/g, '').toLowerCase()),
  );
}

function faultsOf({ file }: Workflow, { filters, line }: Trigger, name: string): readonly Fault[] {
  const declared = Object.entries(record(filters.inputs)).find(([key]) => key.toLowerCase() === name)?.[1];
  const { default: given, required } = record(declared);
  const fault = (value: string): Fault => ({
    place: `${file}:${line}`,
    value,
    allowed: `an input ${name} that is empty unless somebody names a version`,
    change: `remove it from the input ${name}, or run \`npx projen\``,
  });
  return [
    ...(given === undefined || given === '' ? [] : [fault(`${name} with the default ${String(given)}`)]),
    ...(required === true ? [fault(`${name} that is required`)] : []),
  ];
}
