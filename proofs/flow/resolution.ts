import type { Fault } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { commandsOfStep } from './commands';
import { placeOf } from './place';
import { type Promotion, RESOLVE } from './promotion';
import { runsAlone } from './verdict';
import { isInput, writtenOption } from './written-option';

/** Options of the command that leave it to the environment before what is promoted, or choose among its models. */
const OPTIONS: ReadonlySet<string> = new Set(['environment', 'model']);

/**
 * What makes a step resolve something else than what the environment before runs, or lets it end well although it
 * found nothing to promote.
 */
export function resolutionFaults(
  workflow: Workflow,
  job: Job,
  step: Step,
  { workload, before }: Promotion,
): readonly Fault[] {
  const place = placeOf(workflow, job, step);
  const uses = commandsOfStep(step).filter(({ verb }) => verb === RESOLVE);
  const wrong = uses.flatMap((use) => {
    const { workload: named, options, optional } = use;
    const { environment, model } = options;
    const written = writtenOption(workflow, job, use, 'model');
    const strangers = Object.keys(options).filter((name) => !OPTIONS.has(name));
    return [
      ...(named === workload.id && environment === before
        ? []
        : [`resolve ${named ?? 'no workload'} in ${String(environment ?? 'no environment')}`]),
      ...strangers.map((name) => `--${name}`),
      ...(model === undefined || workload.models ? [] : ['--model for a workload without models']),
      // A run that names no model would give an empty one, which the command refuses.
      ...(model === undefined || optional.includes('model') ? [] : ['--model that is always given']),
      ...(written === undefined || isInput(written) ? [] : [`--model ${written}`]),
    ];
  });
  return [
    ...wrong.map((value) => ({
      place,
      value,
      allowed: `resolve ${workload.id} --environment ${before}, and the model of an input only when it is not empty`,
      change: `resolve ${before}, the environment before, or run \`npx projen\``,
    })),
    ...(runsAlone(step)
      ? []
      : [
          {
            place,
            value: JSON.stringify((step.run ?? '').trim()),
            allowed: 'the command alone: its exit code is that of the step',
            change: 'let the step run `exec node .lockstep/cli.mjs resolve …` and nothing else, in bash',
          },
        ]),
  ];
}
