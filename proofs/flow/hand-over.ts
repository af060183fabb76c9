import type { Fault } from '../../contract';
import type { Job, Step } from '../artefacts';
import { commandOutputs, type CommandUse, commandsOfStep } from './commands';
import type { TargetJob } from './deliveries';
import { outputOfJob, outputOfStep } from './output-reference';
import { placeOf } from './place';

/** Output of the command that says which deployment it started. */
const DEPLOYMENT = 'deployment';

/**
 * Follows the id of the deployment from the step that started it to the rollback. Without it a rollback
 * takes back whatever was deployed last, which may be somebody else's.
 */
export function handOverFaults(deployment: TargetJob, way: TargetJob): readonly Fault[] {
  const place = placeOf(way.workflow, way.job, way.use.step);
  const broken = (value: string, change: string): readonly Fault[] => [
    {
      place,
      value,
      allowed: `--deployment with the id of the deployment that ${deployment.job.id} started`,
      change,
    },
  ];
  if (way.use.options.failed !== true) {
    return [
      {
        place,
        value: 'no --failed',
        allowed: '--failed: a deployment that was never started must not make the job undo somebody else’s',
        change: 'write `rollback … --failed`',
      },
    ];
  }
  const given = way.use.options[DEPLOYMENT];
  const variable = typeof given === 'string' ? /^\$\{?(\w+)\}?$/.exec(given)?.[1] : undefined;
  if (variable === undefined) {
    return broken(
      given === undefined ? 'no --deployment' : `--deployment ${String(given)}`,
      `pass the output ${DEPLOYMENT} of ${deployment.job.id} through \`env\``,
    );
  }
  const value = way.use.step.env[variable] ?? way.job.env[variable];
  const { id: from, output } = outputOfJob(value ?? '') ?? {};
  if (from !== deployment.job.id || output === undefined) {
    return broken(
      `${variable}: ${value ?? 'nothing'}`,
      `set ${variable} to \${{ needs.${deployment.job.id}.outputs.${DEPLOYMENT} }}`,
    );
  }
  return outputFaults(deployment, output);
}

function outputFaults({ workflow, job, use }: TargetJob, output: string): readonly Fault[] {
  const value = job.outputs[output];
  const { id, output: name } = outputOfStep(value ?? '') ?? {};
  const sound = id === use.step.id && name === DEPLOYMENT && sets(stepOf(job, id), use);
  if (sound) return [];
  return [
    {
      place: placeOf(workflow, job),
      value: `output ${output}: ${value ?? 'not declared'}`,
      allowed: `the output ${DEPLOYMENT} of the step that deploys`,
      change: `declare \`${output}: \${{ steps.${use.step.id ?? 'deploy'}.outputs.${DEPLOYMENT} }}\` and give that step this id`,
    },
  ];
}

const stepOf = (job: Job, id: string | undefined): Step | undefined =>
  job.steps.find((step) => step.id !== undefined && step.id === id);

const sets = (step: Step | undefined, use: CommandUse): boolean =>
  step !== undefined &&
  commandsOfStep(step).some(({ verb }) => verb === use.verb && commandOutputs(verb).includes(DEPLOYMENT));
