import type { DeployContext, InvokeAnswer, InvokeRequest } from '../../../contract';
import type { EndpointAccess } from './access';
import { readSample } from './sample';

const OK = 200;
/** What a server in between says when the one behind it is silent. @see https://www.rfc-editor.org/rfc/rfc9110#status.504 */
const TIMED_OUT = 504;

/**
 * Sends one request to the endpoint. The SDK tells the status of an error only; any answer else is a 200.
 *
 * @throws LockstepError `AwsCallFailed` where the model could not be asked
 */
export async function invocation(
  { invoker, spec }: EndpointAccess,
  { body, contentType }: InvokeRequest,
  { clock }: DeployContext,
): Promise<InvokeAnswer> {
  const payload = body ?? (await readSample(spec)).payload;
  const before = clock.now();
  const answer = await invoker.request(payload, contentType);
  const milliseconds = clock.now() - before;
  if (answer.kind === 'answered') {
    return { status: OK, contentType: answer.contentType, body: answer.body, milliseconds };
  }
  return { status: answer.status || TIMED_OUT, contentType: '', body: answer.message, milliseconds };
}
