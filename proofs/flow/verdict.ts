import type { Fault } from '../../contract';
import type { Step } from '../artefacts';
import type { TargetJob } from './deliveries';
import { record } from './occurrences';
import { placeOf } from './place';

/** The command in place of the shell, and nothing around it that could change its exit code. */
const ALONE = /^exec node \.lockstep\/cli\.mjs [^\n;&|`<>()]*$/;
/** Parts that hold text or an optional argument, not syntax. */
const HARMLESS = /"(?:\\.|[^"\\`])*"|'[^']*'|\$\{\w+:\+--[\w-]+ "\$\w+"\}|\$\{?\w+\}?/g;

/** Whether a step runs the command and nothing else, so that its exit code is that of the step. */
export function runsAlone({ run = '', shell }: Step): boolean {
  return ALONE.test(run.trim().replaceAll(HARMLESS, 'word')) && (shell === undefined || shell === 'bash');
}

/**
 * Ways in which a job that deploys or rolls back could be green, or gone, although its command failed: a
 * shell that swallows the exit code, a step or job that goes on, a run that a later one cancels, a shell that
 * keeps the news of a cancelled run from the command.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
 */
export function verdictFaults({ workflow, job, use }: TargetJob): readonly Fault[] {
  const place = placeOf(workflow, job, use.step);
  const script = (use.step.run ?? '').trim();
  const faults: Fault[] = [];
  if (!runsAlone(use.step)) {
    faults.push({
      place,
      value: JSON.stringify(script.length > 120 ? `${script.slice(0, 117)}…` : script),
      allowed:
        '`exec` and the command alone: its exit code is that of the step, and it hears when the run is cancelled',
      change: 'let the step run `exec node .lockstep/cli.mjs …` and nothing else, in bash',
    });
  }
  const { concurrency } = job.raw;
  // A group of the whole file cancels its jobs too.
  for (const [where, group] of [
    [placeOf(workflow, job), concurrency],
    [placeOf(workflow), workflow.raw.concurrency],
  ] as const) {
    const cancel = record(group)['cancel-in-progress'];
    if (cancel === undefined || cancel === false) continue;
    faults.push({
      place: where,
      value: `cancel-in-progress: ${String(cancel)}`,
      allowed: 'a concurrency group that cancels nothing: a deployment that is cut off has no way back',
      change: 'write `cancel-in-progress: false`',
    });
  }
  if (concurrency === undefined) {
    faults.push({
      place: placeOf(workflow, job),
      value: 'no concurrency group',
      allowed: 'a concurrency group that cancels nothing: a deployment that is cut off has no way back',
      change: 'write `concurrency` with a group for this environment and `cancel-in-progress: false`',
    });
  }
  return faults;
}
