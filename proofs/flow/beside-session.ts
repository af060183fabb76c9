import type { Fault } from '../../contract';
import type { Artefacts, Job, Step, Workflow } from '../artefacts';
import { accessTo } from '../claims/sign-in';
import { checkJobs, RUN } from '../gpu-check/jobs';
import { commandScriptFaults } from './command-script';
import { Deliveries } from './deliveries';
import { imagesOf } from './images';
import { inspects } from './inspections';
import { record, textsOf } from './occurrences';
import { placeOf } from './place';
import { fileFaults } from './trusted-files';

const SIGN_IN = 'aws-actions/configure-aws-credentials';

/** Variables that load code into programs, or that lead their traffic or their settings elsewhere. */
const LOADS =
  /^(?:NODE_\w+|NPM_CONFIG_\w+|PATH|HOME|BASH_ENV|ENV|BASHOPTS|SHELLOPTS|PS4|PROMPT_COMMAND|LD_\w+|GIT_\w+|PYTHON\w+|OPENSSL_\w+|SSL_CERT_\w+|(?:HTTPS?|ALL)_PROXY|ACTIONS_ALLOW_\w+|DOCKER_\w+|BUILD(?:X|KIT)_\w+|AWS_(?:ENDPOINT_URL\w*|CA_BUNDLE|CONFIG_FILE|SHARED_CREDENTIALS_FILE))$/i;

/** Inputs of actions that lead their traffic elsewhere. */
const LEADS_ELSEWHERE: ReadonlySet<string> = new Set([
  'http-proxy',
  'sts-endpoint',
  'docker-host',
  'endpoint',
  'buildkitd-config',
  'buildkitd-config-inline',
  'mirror',
  'go-download-base-url',
]);

/** True for a job that has a session of AWS, or that may mint the token for one. */
export const holdsSession = (workflow: Workflow, job: Job): boolean =>
  accessTo('id-token', workflow, job) === 'write' ||
  job.steps.some(({ uses }) => uses?.action.toLowerCase() === SIGN_IN);

/**
 * Ways by which code gets into a job with a session without standing in the file: images, variables that load
 * it, files that a step puts in the place of the command. What runs before the sign-in counts too, for it is
 * still there afterwards.
 */
export function besideSessionFaults(artefacts: Artefacts, workflow: Workflow, job: Job): readonly Fault[] {
  if (!holdsSession(workflow, job)) return [];
  const place = placeOf(workflow, job);
  return [
    ...runnerFaults(artefacts, workflow, job),
    ...imagesOf(job).map((image) => imageFault(place, image)),
    ...variableFaults(place, job.env),
    ...job.steps.flatMap((step) => stepFaults(workflow, job, step)),
  ];
}

/** Runners that GitHub makes anew for each job. */
const HOSTED = /^(?:ubuntu|windows|macos)-[\w.-]+$/;

/** A machine that somebody keeps holds what earlier jobs left there; the manifest says where one is meant. */
function runnerFaults(artefacts: Artefacts, workflow: Workflow, job: Job): readonly Fault[] {
  const targets = Deliveries.of(artefacts)
    .in(workflow)
    .filter((one) => one.job === job && !inspects(one.use.step) && one.use.verb !== 'notify');
  const checks = checkJobs(artefacts, RUN).filter((one) => one.job === job);
  const promised = [
    ...targets.flatMap(({ target }) => (target ? [target.runnerLabels] : [])),
    ...checks.map(({ entry }) => entry.runnerLabels),
  ];
  const labels = textsOf(job.raw['runs-on']);
  const isPromised = promised.some((one) => one.join() === labels.join());
  if (promised.length > 0 ? isPromised : labels.every((label) => HOSTED.test(label))) return [];
  return [
    {
      place: placeOf(workflow, job),
      value: `runs-on: ${labels.join(', ') || 'nothing'}`,
      allowed: promised.map((one) => one.join(', ')).join(' or ') || 'a runner of GitHub, by its name',
      change: 'write the runner that the manifest names, or one of GitHub, into the job',
    },
  ];
}

/** The same for what the file sets for all its jobs. */
export function fileVariableFaults(workflow: Workflow): readonly Fault[] {
  if (!workflow.jobs.some((job) => holdsSession(workflow, job))) return [];
  return variableFaults(placeOf(workflow), record(workflow.raw.env));
}

function stepFaults(workflow: Workflow, job: Job, step: Step): readonly Fault[] {
  const place = placeOf(workflow, job, step);
  const { uses } = step;
  return [
    ...variableFaults(place, step.env),
    ...(uses?.action.startsWith('docker://') ? [imageFault(place, `${uses.action}@${uses.ref}`)] : []),
    ...Object.keys(step.with)
      .filter((input) => LEADS_ELSEWHERE.has(input))
      .map((input) => ({
        place,
        value: `${input}: ${step.with[input] ?? ''}`,
        allowed: 'the way that the action takes by itself',
        change: `remove ${input}: what stands there sees what the session sends`,
      })),
    ...foreignArtifacts(step).map((input) => ({
      place,
      value: `${input}: ${step.with[input] ?? ''}`,
      allowed: 'artifacts of this run',
      change: `remove ${input}: what another run kept was not made from this commit`,
    })),
    ...commandScriptFaults(workflow, job, step),
    ...fileFaults(workflow, job, step),
  ];
}

/** Inputs by which an artifact of another run, or of another repository, is fetched. */
const foreignArtifacts = ({ uses, with: inputs }: Step): readonly string[] =>
  uses?.action.toLowerCase() === 'actions/download-artifact'
    ? ['repository', 'run-id', 'github-token'].filter((name) => Object.hasOwn(inputs, name))
    : [];

const imageFault = (place: string, image: string): Fault => ({
  place,
  value: `the image ${image} in a job with a session`,
  allowed: 'the runner itself and reviewed actions',
  change: 'run the image in a job without id-token: what is in it was not reviewed',
});

const variableFaults = (place: string, env: Readonly<Record<string, unknown>>): readonly Fault[] =>
  Object.keys(env)
    .filter((name) => LOADS.test(name))
    .map((name) => ({
      place,
      value: `${name}: ${String(env[name])}`,
      allowed: 'variables that scripts read, and none that load code or lead traffic elsewhere',
      change: `remove ${name}: the steps of a job with a session run what it names`,
    }));
