import { addPath } from './apply-command-files';
import { textOf } from './expressions';
import type { RunningStep } from './running-step';
import type { StepLog } from './step-log';

/**
 * Runs the stand-in of an action.
 *
 * @throws whatever the stand-in throws
 */
export async function runAction(running: RunningStep, action: string): Promise<boolean> {
  const { state, step, env, files, outputs, signal } = running;
  let { log } = running;
  const { plan, ports, masks } = state;
  const scope = state.scope(env);
  const standIn = ports.actions.get(action.toLowerCase());
  if (!standIn) throw new Error(`no stand-in of ${action}`);
  const inputs = Object.entries(step.with).map(([name, value]) => [name, textOf(value, scope)] as const);
  await standIn.run({
    inputs: Object.fromEntries(inputs),
    env: state.environment({ ...env, ...files }),
    run: plan.request,
    job: {
      id: plan.job.id,
      ...(plan.environment !== undefined && { environment: plan.environment }),
      permissions: plan.permissions,
    },
    workspace: state.workspace,
    temp: state.temp,
    clock: ports.clock,
    signal,
    log: (line) => log.write(line),
    annotate: (annotation) => log.annotate(annotation),
    output: (name, value) => void (outputs[name] = value),
    exportVariable: (name, value) => void (state.exported = { ...state.exported, [name]: value }),
    addPath: (folder) => addPath(running, folder),
    mask: (secret) => masks.add(secret),
    summary: (markdown) => void state.summary.push(masks.hide(markdown)),
    atEnd: (last) => {
      const action = (postLog: StepLog): Promise<void> | void => {
        log = postLog;
        return last();
      };
      state.posts = [{ name: `Post ${running.name}`, line: step.line, action }, ...state.posts];
    },
  });
  return true;
}
