import { type Fault, MANIFEST_PATH } from '../../contract';
import type { Artefacts, Job, Workflow } from '../artefacts';
import { programsOf } from '../calls/programs';
import type { ProofResult } from '../proof';
import { buildsOf } from './image-build';
import { channelReadFaults, isOfChannel, missingSecrets } from './channel-secrets';
import { expressionsIn, type Occurring } from './expressions-in';
import { placeOf } from './place';
import { LOGIN } from './registry-login';

/** Actions that may run beside a secret: they run no code of the repository, or what is built is shut off from it. */
const BESIDE: ReadonlySet<string> = new Set([
  'actions/checkout',
  'docker/setup-buildx-action',
  'docker/build-push-action',
  LOGIN,
]);
/** Where a workflow reads a secret that people set. */
export interface Read {
  readonly workflow: Workflow;
  readonly name: string;
  readonly where: Occurring;
}

/**
 * Secrets that people set: each is declared and used, and never a run for a pull request has one. The token of a registry
 * reaches nothing but the sign-in there, in a job that builds an image of it; that of a channel, nothing but the command
 * that tells people through it.
 *
 * @see https://docs.github.com/en/actions/reference/security/secure-use#using-secrets
 */
export function secretFaults(artefacts: Artefacts): ProofResult {
  const { workflows, manifest } = artefacts;
  const reads = workflows.flatMap(secretsRead);
  const known = manifest.secrets.map(({ name }) => name);
  const unused = known.filter((name) => !reads.some((read) => isSame(read.name, name)));
  return {
    checked: reads.length + known.length,
    findings: [
      ...unused.map((name) => ({
        place: `${MANIFEST_PATH} secrets.${name}`,
        value: `${name}, which no workflow reads`,
        allowed: 'secrets that a workflow uses: people would set one for nothing',
        change: 'remove the secret, or run `npx projen`',
      })),
      ...reads
        .filter(({ name }) => known.some((one) => isSame(one, name)))
        .flatMap((read) => [...readFaults(artefacts, read), ...proposalFaults(read)]),
      ...missingSecrets(artefacts),
      ...workflows.flatMap(handedOn),
    ],
  };
}

/** GitHub takes names of secrets without regard to case. */
export const isSame = (one: string, other: string): boolean => one.toUpperCase() === other.toUpperCase();

const secretsRead = (workflow: Workflow): readonly Read[] =>
  expressionsIn(workflow).flatMap((where) =>
    'reads' in where.parsed
      ? where.parsed.reads
          .filter(
            ([context, name]) => context === 'secrets' && name !== undefined && !isSame(name, 'GITHUB_TOKEN'),
          )
          .map(([, name = '']) => ({ workflow, name, where }))
      : [],
  );

function readFaults(artefacts: Artefacts, read: Read): readonly Fault[] {
  const { manifest } = artefacts;
  const { workflow, name, where } = read;
  if (isOfChannel(manifest, name)) return channelReadFaults(artefacts, read);
  const { job, step, field, text } = where;
  const fault = (value: string, allowed: string, change: string): Fault => ({
    place: where.place,
    value,
    allowed,
    change,
  });
  const isLogin = step?.uses?.action === LOGIN && field === 'with.password' && text === `secrets.${name}`;
  const images = manifest.images.filter(
    (image) => image.registry === 'dockerHub' && isSame(image.tokenSecret, name),
  );
  const builds = job !== undefined && images.some((image) => buildsOf(workflow, image).includes(job));
  return [
    ...(isLogin
      ? []
      : [
          fault(
            `secrets.${name} in ${field}`,
            `the password of ${LOGIN}, and nothing else: what a script or another action gets, it may keep`,
            'give the secret to the login alone',
          ),
        ]),
    ...(builds
      ? []
      : [
          fault(
            `secrets.${name} in ${job ? `the job ${job.id}, which builds no image for it` : 'the whole file'}`,
            `jobs that push ${images.map(({ id }) => id).join(', ') || 'an image with this token'}`,
            'log in where the image is built',
          ),
        ]),
    ...(job ? besideFaults(workflow, job) : []),
  ];
}

const proposalFaults = ({ workflow, name, where: { place } }: Read): readonly Fault[] =>
  workflow.triggers.some(({ event }) => event.startsWith('pull_request'))
    ? [
        {
          place,
          value: `secrets.${name} in a file that pull requests start`,
          allowed: 'workflows that only pushes and people start: anybody may propose a change',
          change: 'move the job into a workflow without pull requests',
        },
      ]
    : [];

/** Secrets that a job gives to another workflow, whose steps do not stand in the file. */
const handedOn = (workflow: Workflow): readonly Fault[] =>
  workflow.jobs
    .filter(({ raw }) => raw.secrets !== undefined)
    .map((job) => ({
      place: placeOf(workflow, job),
      value: `secrets: ${JSON.stringify(job.raw.secrets)}`,
      allowed: 'secrets in the steps that need them',
      change: 'write the steps into the job, or remove `secrets`',
    }));

/** Code of other people in a job with a secret: tests, programs of the repository, images. */
function besideFaults(workflow: Workflow, job: Job): readonly Fault[] {
  return job.steps
    .filter(({ uses, run }) => (uses ? !BESIDE.has(uses.action) : runsOthers(run ?? '')))
    .map((step) => ({
      place: placeOf(workflow, job, step),
      value: `${step.uses?.action ?? (step.run ?? '').trim().split('\n')[0] ?? ''} in a job with a secret`,
      allowed: `${[...BESIDE].join(', ')}, and scripts of the shell alone`,
      change: `move the step out of ${job.id}: what it runs could read the token that the login keeps`,
    }));
}

/** Scripts of which a program is none of the shell's own. */
const runsOthers = (script: string): boolean => programsOf(script).some(({ kind }) => kind !== 'local');
