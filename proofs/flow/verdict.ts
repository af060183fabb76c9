import type { Fault } from '../../contract';
import type { TargetJob } from './deliveries';
import { placeOf } from './place';

/** A call of the command and nothing around it that could change its exit code. */
const ALONE = /^node \.lockstep\/cli\.mjs [^\n;&|`<>()]*$/;
/** Parts that hold text or an optional argument, not syntax. */
const HARMLESS = /"(?:\\.|[^"\\`])*"|'[^']*'|\$\{\w+:\+--[\w-]+ "\$\w+"\}|\$\{?\w+\}?/g;

/**
 * Ways in which a job that deploys or rolls back could be green, or gone, although its command failed: a
 * shell that swallows the exit code, a step or job that goes on, a run that a later one cancels.
 */
export function verdictFaults({ workflow, job, use }: TargetJob): readonly Fault[] {
  const place = placeOf(workflow, job, use.step);
  const script = (use.step.run ?? '').trim();
  const { shell } = use.step;
  const faults: Fault[] = [];
  if (!ALONE.test(script.replaceAll(HARMLESS, 'word')) || (shell !== undefined && shell !== 'bash')) {
    faults.push({
      place,
      value: JSON.stringify(script.length > 120 ? `${script.slice(0, 117)}…` : script),
      allowed: 'the command alone, so that its exit code is that of the step',
      change: 'let the step run the command and nothing else, in bash',
    });
  }
  const { concurrency } = job.raw;
  const cancel = (concurrency as { readonly 'cancel-in-progress'?: unknown } | undefined)?.[
    'cancel-in-progress'
  ];
  if (concurrency === undefined || (cancel !== undefined && cancel !== false)) {
    faults.push({
      place: placeOf(workflow, job),
      value: concurrency === undefined ? 'no concurrency group' : `cancel-in-progress: ${String(cancel)}`,
      allowed: 'a concurrency group that cancels nothing: a deployment that is cut off has no way back',
      change: 'write `concurrency` with a group for this environment and `cancel-in-progress: false`',
    });
  }
  return faults;
}
