import { isAbsolute, join } from 'node:path';
import { textOf, valueOf } from './expressions';
import { runProcess } from './process';
import { scriptOf } from './shell';
import type { RunningStep } from './running-step';

/**
 * Runs the script of a step.
 *
 * @returns whether it ended with 0
 */
export async function runScript(running: RunningStep): Promise<boolean> {
  const { state, step, raw, number, env, files, log, signal, kill } = running;
  const { clock, processes } = state.ports;
  const scope = state.scope(env);
  const { defaults } = state.plan;
  const script = textOf(step.run ?? '', scope);
  const shell = step.shell ?? (defaults.shell as string | undefined);
  const folder = String(valueOf(raw['working-directory'] ?? defaults['working-directory'] ?? '', scope));
  const { exitCode, killRest } = await runProcess(
    {
      command: scriptOf(script, shell, state.temp, number),
      folder: isAbsolute(folder) ? folder : join(state.workspace, folder),
      env: state.environment({ ...env, ...files }),
    },
    { clock, processes, written: (line) => log.read(line), cancel: signal, kill },
  );
  state.rests.push(killRest);
  if (exitCode === 0) return true;
  if (!signal.aborted)
    log.annotate({ level: 'error', message: `Process completed with exit code ${exitCode}.` });
  return false;
}
