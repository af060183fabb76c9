import { type ErrorCode, ERRORS } from '../contract';
import { lockstep } from './commands';
import type { Symptom } from './kinds';
import { code, section, shell, table } from './markdown';
import type { Subject } from './subject';

/** What any deployment can end with, the most frequent first. */
const COMMON: readonly { readonly symptom: string; readonly code: ErrorCode }[] = [
  { symptom: 'The job that deploys is red', code: 'DeploymentFailed' },
  { symptom: 'The deployment took too long', code: 'DeploymentTimedOut' },
  { symptom: 'It ended, and the checks after it are red', code: 'VerificationFailed' },
  { symptom: 'The way back is red', code: 'RollbackFailed' },
  { symptom: 'Another deployment came between', code: 'DeploymentSuperseded' },
  { symptom: 'There is nothing to go back to', code: 'NoStableVersion' },
  { symptom: 'The revision to go back to is not known', code: 'UnknownRevision' },
  { symptom: 'The target is not there', code: 'NotDeployed' },
  { symptom: 'The image is not there', code: 'ImageNotFound' },
  { symptom: 'A version tag is taken', code: 'TagTaken' },
  { symptom: 'AWS refuses a call', code: 'AwsCallFailed' },
  { symptom: 'The session ended meanwhile', code: 'SessionExpired' },
  { symptom: 'The job was cancelled', code: 'Interrupted' },
  { symptom: 'The job signed in as somebody else', code: 'UnexpectedIdentity' },
];

const GITHUB: readonly Symptom[] = [
  {
    symptom: '“Not authorized to perform sts:AssumeRoleWithWebIdentity”',
    cause:
      'the stack with the role is older than the workflow file, or the job names another environment or branch',
    remedy: 'deploy the stacks above; run `npx lockstep prove`, which compares trust and jobs',
  },
  {
    symptom: 'A job never starts',
    cause: 'it waits for an approval, a timer, or another run of its concurrency group',
    remedy: 'open the run at GitHub: it says what it waits for',
  },
  {
    symptom: 'The check of the repository says that files differ',
    cause: 'the platform file was changed, and the generated files were not',
    remedy: 'run `npx projen` and commit',
  },
];

/** Symptom, cause, remedy: by the errors that exist, and by what the kind of target can have. */
export function troubleshooting(subject: Subject): string {
  const { last, secrets, gpuChecks } = subject;
  const { workload } = subject;
  const symptoms = symptomsOf(subject);
  const common = COMMON.filter(({ code: each }) => each !== 'TagTaken' || workload.releaseTags.length > 0);
  return section(
    '## Troubleshooting',
    'The summary of a failed job says why and what to do; the same is printed by:',
    shell([lockstep('diagnose', last)]),
    `A message begins with its code. [docs/errors.md](../errors.md) has all of them.`,
    section(
      '### Messages',
      table(
        ['Symptom', 'Code', 'What it means', 'What to do'],
        [
          ...common.map(({ symptom, code: each }) => [
            symptom,
            codeLink(each),
            ERRORS[each].meaning,
            ERRORS[each].remedy,
          ]),
          ...symptoms.flatMap(({ symptom, cause, remedy, code: each }) =>
            each === undefined ? [] : [[symptom, codeLink(each), sentence(cause), sentence(remedy)]],
          ),
        ],
      ),
    ),
    section(
      '### Causes that a diagnosis names',
      rows(symptoms.filter(({ code: each }) => each === undefined)),
    ),
    section('### GitHub', rows(GITHUB)),
    secrets.length === 0
      ? ''
      : section(
          '### Secrets',
          rows(secrets.map((secret) => secretSymptom(secret.name, secret.environments))),
        ),
    gpuChecks.length === 0 ? '' : section('### GPU check', rows(GPU_CHECK)),
  );
}

/** Of every environment; what several can have stands once. */
function symptomsOf({ kind, places }: Subject): readonly Symptom[] {
  const all = places.flatMap(({ target }) => kind.symptoms(target));
  return [...new Map(all.map((each) => [each.symptom, each])).values()];
}

const GPU_CHECK: readonly Symptom[] = [
  {
    symptom: '`noCapacity`',
    cause: 'AWS gave no instance of the type in time',
    remedy: 'run the workflow again with another instance type, or raise the EC2 quota',
  },
  {
    symptom: '`noDriver`',
    cause: 'no NVIDIA driver answers inside the container',
    remedy: 'check that the instance runs the GPU image of ECS',
  },
  {
    symptom: '`cudaFault`',
    cause: 'CUDA reported an error while the program ran',
    remedy:
      'read the last lines of the program in the report; do not use this combination until it is explained',
  },
  {
    symptom: '`otherVersions`',
    cause: 'the image has other versions than it was built for',
    remedy: 'let the Dockerfile of the check install what its arguments CUDA and PYTORCH name',
  },
  {
    symptom: '`noFigures`',
    cause: 'the program ended well, and its line of figures cannot be found',
    remedy: 'look for `GPU_CHECK` in the log group of the check, then run the workflow again',
  },
  {
    symptom: '`taskStopped`, `timedOut`, `interrupted`',
    cause: 'the task or the run ended before the program did',
    remedy: 'read the reason in the report, and run the workflow again',
  },
  {
    symptom: '`notRun`',
    cause: 'AWS refused a call, so that no task ran',
    remedy: 'read the call in the report; deploy the stack of the check, and run the workflow again',
  },
  {
    symptom: '`driverTooOld`',
    cause: 'the driver of the host is too old for the CUDA of the image',
    remedy: '`npx lockstep gpu-matrix` says which go together',
  },
  {
    symptom: '`wrongResult`',
    cause: 'the GPU computes something else than the CPU',
    remedy: 'do not use this combination',
  },
];

const rows = (symptoms: readonly Symptom[]): string =>
  table(
    ['Symptom', 'Cause', 'What to do'],
    symptoms.map(({ symptom, cause, remedy }) => [symptom, sentence(cause), sentence(remedy)]),
  );

/** GitHub makes the anchor of a heading of its letters in lower case. */
const codeLink = (each: ErrorCode): string => `[${code(each)}](../errors.md#${each.toLowerCase()})`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const secretSymptom = (name: string, environments: readonly string[]): Symptom => ({
  symptom: `${code(name)} is missing or refused`,
  cause: 'it was never set, or what it opens was revoked',
  remedy: `set it anew in ${environments.length === 0 ? 'the repository' : environments.map(code).join(', ')}, then run the job again`,
});
