import type { Question } from '../service';
import { digestOf } from './manifest';
import { arnOf, type EcrHolder, questionAbout, uriOf } from './repository';

/** How the pull of a task's image went. */
export type Pull =
  { readonly ok: true; readonly digest: string } | { readonly ok: false; readonly reason: string };

/** The parts of an image's name in a private registry. */
export interface PrivateImage {
  readonly registry: string;
  readonly region: string;
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

const PRIVATE =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** The parts of a name, or undefined for an image of another registry. */
export function privateImage(image: string): PrivateImage | undefined {
  const parts = PRIVATE.exec(image);
  if (!parts) return undefined;
  const [, registry = '', region = '', name = '', tag, digest] = parts;
  const latest = digest === undefined ? 'latest' : undefined;
  const named = tag ?? latest;
  return { registry, region, name, ...(named && { tag: named }), ...(digest && { digest }) };
}

/**
 * A task's pull, as the Docker daemon of its instance goes through it. An image of a public registry is there
 * without being looked for; its digest is made of its name.
 *
 * @param ask puts a question to IAM for the execution role of the task
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
 */
export function pull(ecr: EcrHolder, image: string, ask: (question: Question) => boolean): Pull {
  const wanted = privateImage(image);
  if (!wanted) return { ok: true, digest: digestOf(image) };
  const arn = arnOf(wanted.registry, wanted.region, wanted.name);
  const bare = uriOf({ account: wanted.registry, region: wanted.region, name: wanted.name });
  if (!ask({ action: 'ecr:GetAuthorizationToken', resource: '*' })) {
    return notAuthorized(
      'CannotPullECRContainerError: AccessDeniedException:',
      'ecr:GetAuthorizationToken',
      '*',
    );
  }
  const daemon = 'CannotPullContainerError: Error response from daemon:';
  const denied = `${daemon} pull access denied for ${bare}, repository does not exist or may require 'docker login': denied:`;
  for (const action of ['BatchGetImage', 'GetDownloadUrlForLayer']) {
    if (!ask(questionAbout(ecr, action, arn))) return notAuthorized(denied, `ecr:${action}`, arn);
  }
  const repository = ecr.state.repositories.get(arn);
  if (!repository) {
    const where = `'${wanted.name}' does not exist in the registry with id '${wanted.registry}'`;
    return {
      ok: false,
      reason: `${daemon} repository ${bare} not found: name unknown: The repository with name ${where}`,
    };
  }
  const digest = wanted.digest ?? repository.tags.get(wanted.tag ?? '');
  if (digest !== undefined && repository.images.has(digest)) return { ok: true, digest };
  return {
    ok: false,
    reason: `${daemon} manifest for ${image} not found: manifest unknown: Requested image not found`,
  };
}

const notAuthorized = (prefix: string, action: string, resource: string): Pull => ({
  ok: false,
  reason: `${prefix} the execution role is not authorized to perform: ${action} on resource: ${resource}`,
});
