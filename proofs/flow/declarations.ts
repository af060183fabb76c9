import type { DeployManifest } from '../../contract';
import { ACTION_PINS } from '../../workflows/pins/pins';
import type { Step, Workflow } from '../artefacts';
import { commandOutputs, commandsOfStep } from './commands';
import { record } from './occurrences';
import { outputsOfScript } from './scripts';

/** An input of a workflow that is started by hand or by another workflow. */
export interface DeclaredInput {
  readonly name: string;
  readonly line: number;
}

export interface Declarations {
  readonly inputs: readonly DeclaredInput[];
  /** Names in the `env` of the whole workflow. */
  readonly env: readonly string[];
  /** Secrets that people set, as the manifest lists them. */
  readonly secrets: readonly string[];
}

export function declarationsOf(workflow: Workflow, { secrets }: DeployManifest): Declarations {
  return {
    inputs: workflow.triggers
      .filter(({ event }) => event === 'workflow_dispatch' || event === 'workflow_call')
      .flatMap(({ filters, line }) => Object.keys(record(filters.inputs)).map((name) => ({ name, line }))),
    env: Object.keys(record(workflow.raw.env)),
    secrets: secrets.map(({ name }) => name),
  };
}

/** What a step sets, as far as it can be known. */
export type StepOutputs = { readonly names: readonly string[] } | { readonly unread: string };

/** Outputs of a step: of a reviewed action, of the pipeline command, of what a script writes. */
export function outputsOfStep(step: Step): StepOutputs {
  if (step.uses) {
    const pin = ACTION_PINS[step.uses.action];
    return pin
      ? { names: pin.outputs }
      : { unread: `${step.uses.action}, which is not among the reviewed actions` };
  }
  const written = outputsOfScript(step.run ?? '');
  const [first] = written.unread;
  if (first !== undefined)
    return { unread: `\`${first}\`, which writes outputs nobody can read from the script` };
  return { names: [...written.names, ...commandsOfStep(step).flatMap(({ verb }) => commandOutputs(verb))] };
}
