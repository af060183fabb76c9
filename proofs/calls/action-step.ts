import type { AwsCall, DeployManifest } from '../../contract';
import { ACTION_PINS, type ActionName } from '../../workflows/pins/pins';
import { actionCalls, type EcrRepository } from '../../workflows/steps/action-calls';
import type { Job, Step } from '../artefacts';
import { type CallSubject, NOTHING, type ReadCalls, refused, stepCallsOf, together } from './call';
import { ecrImages } from './ecr-images';
import { imageOf } from './image-command';
import { programsOf } from './programs';
import { wordText } from './shell-word';

/** Inputs in which actions name images that they pull or push. */
const IMAGE_INPUTS = ['tags', 'image-ref', 'images', 'cache-from', 'cache-to', 'outputs'];

/** Host of a private registry of ECR, and the repository behind it. */
const REGISTRY = /(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[a-z0-9][a-z0-9._/-]*[a-z0-9]/g;
const STEP_OUTPUT = /\$\{\{\s*steps\.([A-Za-z_][\w-]*)\.outputs\.[\w-]+\s*\}\}/g;

/** The action that trades the job's token for a session. Its one call is the business of the trust policy. */
export const SIGN_IN_ACTION = 'aws-actions/configure-aws-credentials';
/** The action whose call is about no image in particular. */
const LOGIN_ACTION = 'aws-actions/amazon-ecr-login';

/**
 * Calls of a step that uses an action: those of the catalogue, on the images that its inputs name.
 *
 * @param signsIn true when a step of the job opens a session, before or after this one
 */
export function actionStepCalls(
  step: Step,
  job: Job,
  place: string,
  manifest: DeployManifest,
  signsIn: boolean,
): ReadCalls {
  const action = step.uses?.action ?? '';
  if (action === SIGN_IN_ACTION) return NOTHING;
  if (!isReviewed(action)) {
    // Whatever it does, in a job without a session it does it without AWS.
    if (!signsIn) return NOTHING;
    return refused({
      place,
      value: `${action} in a job that signs in, whose calls are not known`,
      allowed: Object.keys(ACTION_PINS).join(', '),
      change: 'move it into a job without role, or review it and list its calls',
    });
  }
  const kept = keptOf(manifest);
  const [first] = kept;
  if (action === LOGIN_ACTION) return { calls: callsOn(action, first, step), faults: [] };
  if (first && callsOn(action, first, step).length === 0) return NOTHING;

  const named = IMAGE_INPUTS.flatMap((input) => (step.with[input] === undefined ? [] : [step.with[input]]));
  const uris = new Set(named.flatMap((text) => text.match(REGISTRY) ?? []));
  const outputs = new Set(named.flatMap((text) => [...text.matchAll(STEP_OUTPUT)].map(([, id]) => id)));
  const open = named.filter(
    (text) =>
      text.includes('${{') &&
      !text.match(REGISTRY) &&
      !text.match(STEP_OUTPUT) &&
      !isElsewhere(text, manifest),
  );
  return together([
    ...[...uris].map((uri) =>
      onImage(
        kept.find(({ repository }) => repository.uri === uri),
        uri,
      ),
    ),
    ...[...outputs].map((id) =>
      onImage(imageOfStep(job, id, manifest), `output of step ${id ?? ''}`, signsIn),
    ),
    ...open.map((text) => onImage(undefined, text, signsIn)),
  ]);

  function onImage(image: Kept | undefined, value: string, matters = true): ReadCalls {
    if (image) return { calls: callsOn(action, image, step), faults: [] };
    // What cannot be told, in a job without a session, is not told to AWS either.
    if (!matters) return NOTHING;
    return refused({
      place,
      value: `${action} on ${value}`,
      allowed: kept.map(({ repository }) => repository.uri).join(', ') || 'no image at all',
      change: 'name an image repository of the manifest',
    });
  }
}

/** A repository of the manifest, and what the calls on it are made for. */
interface Kept extends EcrRepository {
  readonly subject: CallSubject;
}

/** Repositories of images, and those of GPU checks. */
const keptOf = (manifest: DeployManifest): readonly Kept[] => [
  ...ecrImages(manifest).map(({ id, registry, repository }) => ({
    registry,
    repository,
    subject: { image: id },
  })),
  ...manifest.gpuChecks.map(({ workload, image: { repository } }) => ({
    registry: 'ecr' as const,
    repository,
    subject: { workload },
  })),
];

/** An image of the manifest that another registry keeps. */
const isElsewhere = (text: string, { images }: DeployManifest): boolean =>
  images.some(
    ({ registry, repository }) =>
      registry !== 'ecr' && ['@', ':'].some((end) => text.startsWith(`${repository.uri}${end}`)),
  );

function callsOn(action: string, image: Kept | undefined, step: Step) {
  const calls: readonly AwsCall[] = isReviewed(action) ? actionCalls(action, image, step.with) : [];
  const subject = calls.some(({ resources }) => !resources.includes('*')) ? (image?.subject ?? {}) : {};
  return stepCallsOf(calls, `${action} (${step.name ?? step.id ?? 'step'})`, subject);
}

/** The image that an earlier step of the job looked for. */
function imageOfStep(job: Job, id: string | undefined, manifest: DeployManifest): Kept | undefined {
  const script = job.steps.find((step) => step.id === id)?.run;
  if (script === undefined) return undefined;
  const [noun, , image] = programsOf(script)
    .flatMap((program) => (program.kind === 'pipeline' ? [program.words] : []))
    .flat()
    .map((word) => wordText(word, {}));
  const found = noun === 'image' ? imageOf(manifest, image) : undefined;
  return found && { ...found, subject: { image: found.id } };
}

function isReviewed(action: string): action is ActionName {
  return Object.hasOwn(ACTION_PINS, action);
}
