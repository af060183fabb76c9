import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, Question } from './service';

/**
 * Asks IAM about a call that came by another protocol than AWS's API, and notes it as seen.
 *
 * @throws ApiFault when the call is not allowed, or disturbed on its way
 */
export type Authorise = (caller: Caller, region: string, questions: readonly Question[]) => void;

/** Answers requests that are not calls of AWS's API, such as those of the Docker registry protocol. */
export type RawHandler = (
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
) => void | Promise<void>;
