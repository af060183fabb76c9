import type { DeployManifest } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import type { IamReference } from '../iam';
import { actionStepCalls } from './action-step';
import { awsLineCalls } from './aws-line';
import { type ReadCalls, refused, together } from './call';
import { pipelineCalls } from './pipeline-command';
import { programsOf } from './programs';
import type { Session } from './session';

/** Where a step stands, for a reader with an editor: `file:line job/step`. */
export function placeOf({ file }: Workflow, job: Job, step: Step): string {
  const name = step.name ?? step.id ?? step.uses?.action ?? 'step without name';
  return `${file}:${step.line} ${job.id}/${name}`;
}

/** What a step is read with. */
export interface Surroundings {
  readonly manifest: DeployManifest;
  readonly reference: IamReference;
  /** Session that an earlier step of the job opened. */
  readonly session?: Session;
  /**
   * True when some step of the job signs in. What runs before it leaves files, variables and processes behind
   * that are still there when the session is.
   */
  readonly signsIn: boolean;
}

/** A shell as GitHub offers it, or written out with options. */
const SHELL = /^(?:ba)?sh(?:(?: -[\w-]+| pipefail)* \{0\})?$/;

/** The AWS calls of a step, told from the text of the workflow file. What cannot be told is a fault. */
export function stepCalls(step: Step, job: Job, workflow: Workflow, around: Surroundings): ReadCalls {
  const place = placeOf(workflow, job, step);
  const { manifest, session, signsIn } = around;
  const action = step.uses ? actionStepCalls(step, job, place, manifest, signsIn) : undefined;
  const script = step.run === undefined ? undefined : scriptCalls(step.run, step, job, workflow, around);
  const found = together([action, script].flatMap((part) => part ?? []));
  if (session || found.calls.length === 0) return found;
  return {
    calls: [],
    faults: [
      ...found.faults,
      {
        place,
        value: `${[...new Set(found.calls.map((call) => call.action))].join(', ')} without a session`,
        allowed: 'calls behind a step that signs in to AWS',
        change: 'sign in with aws-actions/configure-aws-credentials in an earlier step of the job',
      },
    ],
  };
}

function scriptCalls(
  script: string,
  step: Step,
  job: Job,
  workflow: Workflow,
  { manifest, reference, session, signsIn }: Surroundings,
): ReadCalls {
  const place = placeOf(workflow, job, step);
  const environment = { ...texts(workflow.raw.env), ...job.env, ...step.env };
  const keys = Object.keys(environment).filter((name) =>
    /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|ENDPOINT_URL)/.test(name),
  );
  const shell = shellOf(step, job, workflow);
  if (shell !== undefined && !SHELL.test(shell)) {
    return refused({
      place,
      value: `a script for ${shell}`,
      allowed: 'bash or sh, with nothing but options and {0}',
      change: 'write it for bash, or run it in a job without role',
    });
  }
  const parts = programsOf(script).map((program): ReadCalls => {
    const at = { place, text: program.text, environment };
    switch (program.kind) {
      case 'pipeline':
        return pipelineCalls(program.words, at, manifest);
      case 'aws':
        return awsLineCalls(program.words, at, session?.scope, reference);
      case 'local':
        return { calls: [], faults: [] };
      case 'unknown':
        // Without a session it cannot reach AWS; what is written as `aws` or the command is never overlooked.
        if (!signsIn && !/\baws\s|cli\.mjs/.test(program.text)) return { calls: [], faults: [] };
        return refused({
          place,
          value: `\`${program.text}\`, whose calls are not known`,
          allowed: 'the pipeline command, lines of `aws`, and programs that never reach AWS',
          change: 'run it in a job without role, or write its calls as lines of `aws`',
        });
    }
  });
  if (keys.length > 0 && parts.some(({ calls }) => calls.length > 0)) {
    parts.push(
      refused({
        place,
        value: `environment ${keys.join(', ')}`,
        allowed: 'the session that the job signed in to',
        change: 'remove the variables: with other credentials the policies of the role say nothing',
      }),
    );
  }
  return together(parts);
}

/** The nearest shell that the file names. */
function shellOf(step: Step, job: Job, { raw }: Workflow): string | undefined {
  const shell =
    step.shell ?? [job.raw, raw].map((each) => field(field(each, 'defaults', 'run'), 'shell')).find(Boolean);
  return typeof shell === 'string' ? shell : undefined;
}

function field(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null
        ? Object.entries(found).find(([name]) => name === key)?.[1]
        : undefined,
    value,
  );
}

function texts(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}
