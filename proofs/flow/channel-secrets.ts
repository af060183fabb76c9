import { type DeployManifest, type Fault, MANIFEST_PATH, type WorkloadEntry } from '../../contract';
import type { Artefacts, Job, Workflow } from '../artefacts';
import { programsOf } from '../calls/programs';
import { commandsOfStep } from './commands';
import { Deliveries } from './deliveries';
import { placeOf } from './place';
import { isSame, type Read } from './secrets';

const NOTIFY = 'notify';
/** Actions that may run beside such a secret. */
const BESIDE: ReadonlySet<string> = new Set(['actions/checkout', 'aws-actions/configure-aws-credentials']);

/** Secrets by which the channels of a workload are reached. */
const secretsOf = ({ notices }: WorkloadEntry): readonly string[] =>
  notices.flatMap((notice) => ('secret' in notice ? [notice.secret] : []));

/** Whether a secret is that of a channel, and of no registry. */
export const isOfChannel = ({ workloads, images }: DeployManifest, name: string): boolean =>
  workloads.some((workload) => secretsOf(workload).some((one) => isSame(one, name))) &&
  !images.some((image) => image.registry === 'dockerHub' && isSame(image.tokenSecret, name));

/**
 * The secret of a channel stands in the `env` of the step that tells people, under its own name, in a job whose
 * environment holds it. An environment gives its secrets to the jobs that name it, and to no others.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets
 */
export function channelReadFaults(artefacts: Artefacts, { workflow, name, where }: Read): readonly Fault[] {
  const { manifest } = artefacts;
  const { job, step, field, text, place } = where;
  const told =
    job && step
      ? Deliveries.of(artefacts)
          .in(workflow)
          .filter(({ use }) => use.step === step)
      : [];
  const own = told.filter(({ use }) => use.verb === NOTIFY);
  const isGiven =
    own.length > 0 && own.length === told.length && field === `env.${name}` && text === `secrets.${name}`;
  const wanted = own.every(({ use }) => {
    const workload = Deliveries.of(artefacts).workloadOf(use);
    return workload !== undefined && secretsOf(workload).includes(name);
  });
  const holders = manifest.secrets.find((one) => isSame(one.name, name))?.environments ?? [];
  const fault = (value: string, allowed: string, change: string): Fault => ({
    place,
    value,
    allowed,
    change,
  });
  return [
    ...(isGiven && wanted
      ? []
      : [
          fault(
            `secrets.${name} in ${field}${job ? ` of ${job.id}` : ''}`,
            `${name} in the \`env\` of a step that runs \`${NOTIFY}\` for a workload with that channel, and nowhere else`,
            'give the secret to that step alone',
          ),
        ]),
    ...(job?.environment !== undefined && holders.includes(job.environment)
      ? []
      : [
          fault(
            `secrets.${name} in a job of ${job?.environment ?? 'no environment'}`,
            `an environment that holds it: ${holders.join(', ') || 'none'}`,
            'name that environment in the job, or run `npx projen`',
          ),
        ]),
    ...(job ? strangersBeside(workflow, job) : []),
  ];
}

/** What else runs in a job with such a secret. */
const strangersBeside = (workflow: Workflow, job: Job): readonly Fault[] =>
  job.steps
    .filter((step) =>
      step.uses
        ? !BESIDE.has(step.uses.action)
        : commandsOfStep(step).some(({ verb }) => verb !== NOTIFY) ||
          programsOf(step.run ?? '').some(({ kind }) => kind !== 'local' && kind !== 'pipeline'),
    )
    .map((step) => ({
      place: placeOf(workflow, job, step),
      value: `${step.uses?.action ?? (step.run ?? '').trim().split('\n')[0] ?? ''} beside the secret of a channel`,
      allowed: `${[...BESIDE].join(', ')}, and the command that tells people`,
      change: `move the step out of ${job.id}`,
    }));

/** Channels that a step which tells people is not given, and environments that hold a secret for nobody. */
export function missingSecrets(artefacts: Artefacts): readonly Fault[] {
  const { manifest } = artefacts;
  const deliveries = Deliveries.of(artefacts);
  const told = deliveries.all.filter(({ use }) => use.verb === NOTIFY);
  const holders = new Map<string, Set<string>>();
  const missing = told.flatMap(({ workflow, job, use }) => {
    const workload = deliveries.workloadOf(use);
    return (workload ? secretsOf(workload) : []).flatMap((name): readonly Fault[] => {
      holders.set(name, (holders.get(name) ?? new Set()).add(job.environment ?? ''));
      if (use.step.env[name] === `\${{ secrets.${name} }}`) return [];
      return [
        {
          place: placeOf(workflow, job, use.step),
          value: `${name}: ${use.step.env[name] ?? 'nothing'}`,
          allowed: `\${{ secrets.${name} }}, by which one of the channels is reached`,
          change: 'give it to the step, or run `npx projen`',
        },
      ];
    });
  });
  const idle = manifest.secrets
    .filter(({ name }) => isOfChannel(manifest, name))
    .flatMap(({ name, environments }) =>
      environments
        .filter((environment) => holders.get(name)?.has(environment) !== true)
        .map((environment) => ({
          place: `${MANIFEST_PATH} secrets.${name}`,
          value: `the environment ${environment}, in which no job tells people`,
          allowed: [...(holders.get(name) ?? [])].join(', ') || 'none',
          change: 'run `npx projen`, so that the secret is asked for where it is used',
        })),
    );
  return [...missing, ...idle];
}
