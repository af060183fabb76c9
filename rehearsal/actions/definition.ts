import { type ActionName, pin } from '../../workflows/pins/pins';
import { ActionFailure, type ActionRun, type ActionStandIn } from '../github/action-stand-in';
import { Inputs, knownInputs } from './inputs';

/** What a stand-in is made of. What all of them do alike stands in `standIn`. */
export interface ActionDefinition {
  readonly action: ActionName;
  /** What it does not do of what the action does. */
  readonly limits: string;
  /** Virtual seconds that the action takes: a plausible time, not a measured one. */
  readonly seconds: number;
  /** Defaults of `action.yml` that are plain values. Those that are expressions are read where they are used. */
  readonly defaults: Readonly<Record<string, string>>;
  /** Inputs that are honoured, or that change nothing here. Any other one that a step gives is refused. */
  readonly supports: readonly string[];
  act(step: ActionRun, inputs: Inputs): Promise<void> | void;
}

/**
 * @param breaks message with which an action fails, by its name
 */
export function standIn(definition: ActionDefinition, breaks: ReadonlyMap<string, string>): ActionStandIn {
  const { action, limits, seconds } = definition;
  return {
    action,
    limits,
    run: async (step) => {
      const inputs = readInputs(definition, step);
      await step.clock.sleep(seconds * 1_000, step.signal);
      if (step.signal.aborted) throw new ActionFailure('The operation was canceled.');
      const broken = breaks.get(action);
      if (broken !== undefined) throw new ActionFailure(broken);
      await definition.act(withDeclaredOutputs(action, step), inputs);
    },
  };
}

/**
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs
 */
function readInputs(definition: ActionDefinition, step: ActionRun): Inputs {
  const { action, defaults, supports } = definition;
  const { known, unknown } = knownInputs(action, step.inputs);
  if (unknown.length > 0) step.annotate({ level: 'warning', message: unexpected(action, unknown) });
  for (const [name, value] of known) {
    if (supports.includes(name) || value === '' || value === defaults[name]) continue;
    throw notRehearsed(action, `the input "${name}" (${JSON.stringify(value)})`);
  }
  return new Inputs(action, { ...defaults, ...Object.fromEntries(known) });
}

function unexpected(action: ActionName, unknown: readonly string[]): string {
  const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  return `Unexpected input(s) ${quoted(unknown)}, valid inputs are [${quoted(pin(action).inputs)}]`;
}

/** An output that the pinned version does not have would make a workflow pass that fails on GitHub. */
function withDeclaredOutputs(action: ActionName, step: ActionRun): ActionRun {
  const { outputs } = pin(action);
  const { inputs, env, run, job, workspace, temp, clock, signal } = step;
  return {
    ...{ inputs, env, run, job, workspace, temp, clock, signal },
    log: (line) => step.log(line),
    annotate: (annotation) => step.annotate(annotation),
    output: (name, value) => {
      if (!outputs.includes(name))
        throw new Error(`the stand-in of ${action} sets ${name}, which it does not have`);
      step.output(name, value);
    },
    exportVariable: (name, value) => step.exportVariable(name, value),
    addPath: (folder) => step.addPath(folder),
    mask: (secret) => step.mask(secret),
    summary: (markdown) => step.summary(markdown),
    atEnd: (last) => step.atEnd(last),
  };
}

/** What a stand-in answers to a use that it does not model. */
export function notRehearsed(action: ActionName, what: string): ActionFailure {
  return new ActionFailure(`not rehearsed: ${action} with ${what}; see the limits of its stand-in`);
}
