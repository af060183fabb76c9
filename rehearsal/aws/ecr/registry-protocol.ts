import type { VirtualClock } from '../../clock/virtual-clock';
import type { Authorise, RawHandler } from '../raw-handler';
import { ApiFault } from '../service';
import { layerBytes } from './layers';
import { faultAnswer, type RegistryAnswer } from './registry-answer';
import { Conversation, type Registry, type RegistryCall } from './registry-conversation';
import { readRoute } from './registry-route';
import type { EcrHolder } from './repository';
import { sessionOf } from './sessions';

/**
 * What Docker, BuildKit and scanners speak to a private registry. It asks IAM for the operation of the API that
 * stands behind each request. Blobs are served at once, where ECR redirects to S3.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export function registryHandler(ecr: Registry, clock: VirtualClock, authorise: Authorise): RawHandler {
  return (request, body, response) => {
    const { method = 'GET', headers, url = '/' } = request;
    const {
      status,
      headers: answered,
      body: content,
    } = answerOf(ecr, authorise, clock.now(), url, {
      method,
      headers,
      body,
    });
    const length = { 'content-length': String(content?.length ?? 0) };
    response.writeHead(status, { ...length, ...answered, 'docker-distribution-api-version': 'registry/2.0' });
    response.end(method === 'HEAD' ? undefined : content);
  };
}

function answerOf(
  ecr: Registry,
  authorise: Authorise,
  now: number,
  url: string,
  request: Pick<RegistryCall, 'method' | 'headers' | 'body'>,
): RegistryAnswer {
  try {
    const route = readRoute(url);
    if (route.kind === 'download') return download(ecr, route.ticket, now);
    const { caller } = sessionOf(ecr, request.headers.authorization, now);
    return new Conversation(ecr, authorise, { ...request, caller, now }).answer(route);
  } catch (error) {
    if (error instanceof ApiFault) return faultAnswer(error);
    throw error;
  }
}

/** A layer at its own URL, which needs no sign-in. */
function download({ state }: EcrHolder, ticket: string, now: number): RegistryAnswer {
  const found = state.downloads.get(ticket);
  const repository = found && state.repositories.get(found.repositoryArn);
  if (!found || !repository || found.expiresAt <= now)
    throw new ApiFault('Denied', 'Request has expired', 403);
  return { status: 200, body: layerBytes(repository, found.digest) };
}
