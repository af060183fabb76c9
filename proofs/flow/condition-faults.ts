import type { Fault } from '../../contract';
import type { Artefacts, Workflow } from '../artefacts';
import { COMMAND_VERBS, commandsOf } from './commands';
import { type Condition, readCondition } from './condition';
import { Deliveries } from './deliveries';
import type { JobGraph } from './job-graph';
import { placeOf } from './place';

/** Conditions that GitHub refuses, or that are true whatever stands in them; of jobs and of steps. */
export function conditionFaults({ workflow, conditions }: JobGraph): readonly Fault[] {
  return workflow.jobs.flatMap((job) => [
    ...faultOf(placeOf(workflow, job), conditions.get(job.id)),
    ...job.steps.flatMap((step) =>
      step.condition === undefined
        ? []
        : faultOf(placeOf(workflow, job, step), readCondition(step.condition, 'stepCondition')),
    ),
  ]);
}

function faultOf(place: string, condition: Condition | undefined): Fault[] {
  if (!condition || 'expression' in condition) return [];
  if ('alwaysTrue' in condition) {
    return [
      {
        place,
        value: `if: ${JSON.stringify(condition.alwaysTrue)}, which is always true`,
        allowed: 'an expression and nothing around it: a text that is not empty is true',
        change: 'write the whole condition without ${{ }}, on one line or as a block',
      },
    ];
  }
  return [
    {
      place,
      value: `a condition that GitHub refuses: ${condition.fault}`,
      allowed: 'an expression over the contexts and functions that GitHub offers here',
      change: 'mend the condition',
    },
  ];
}

/** Calls of the pipeline command that cannot be read, or that work on what the manifest does not know. */
export function commandFaults(artefacts: Artefacts, workflow: Workflow): readonly Fault[] {
  const unknownVerbs = workflow.jobs.flatMap((job) =>
    commandsOf(job)
      .filter(({ known }) => !known)
      .map(({ step, verb }) => ({
        place: placeOf(workflow, job, step),
        value: verb === '' ? 'the command without a verb' : verb,
        allowed: COMMAND_VERBS.join(', '),
        change: 'write one of the verbs of .lockstep/cli.mjs, literally',
      })),
  );
  const unknownTargets = Deliveries.of(artefacts)
    .in(workflow)
    .filter(({ use, target }) => use.known && !target)
    .map(({ job, use, environment }) => ({
      place: placeOf(workflow, job, use.step),
      value: `${use.verb} ${use.workload ?? 'no workload'} in ${environment}`,
      allowed: artefacts.manifest.targets.map((one) => `${one.workload} in ${one.environment}`).join(', '),
      change: 'name a workload and an environment of the manifest, literally',
    }));
  return [...unknownVerbs, ...unknownTargets];
}
