import { LockstepError } from '../../contract/errors';

/** The fields of an error of the AWS SDK that a report needs. */
interface SdkFailure extends Error {
  readonly code?: string;
  readonly $metadata?: {
    readonly requestId?: string;
    readonly httpStatusCode?: number;
    readonly attempts?: number;
  };
}

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
const TRANSIENT_NAMES =
  /^(TimeoutError|ThrottlingException|Throttling|TooManyRequestsException|RequestLimitExceeded|ServerException|InternalServerError|ServiceUnavailable.*)$/;

/**
 * Makes one AWS call and turns its failure into an error that names the call.
 *
 * @param action the IAM action, such as `ecs:UpdateService`, so that a refusal can be compared with a policy
 * @throws LockstepError `AwsCallFailed`, with the SDK's error as its cause
 */
export async function callAws<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsCallFailed(action, error);
  }
}

function awsCallFailed(action: string, error: unknown): LockstepError {
  const failure: SdkFailure = error instanceof Error ? error : new Error(String(error));
  const { requestId, attempts } = failure.$metadata ?? {};
  const notes = [
    ...(attempts !== undefined && attempts > 1 ? [`${attempts} attempts`] : []),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
  return new LockstepError(
    'AwsCallFailed',
    {
      place: action,
      value: `${failure.name}: ${failure.message}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`,
      allowed: 'an answer from AWS',
      change: changeFor(failure),
    },
    { cause: error },
  );
}

function changeFor(failure: SdkFailure): string {
  if (/AccessDenied|AuthorizationError|NotAuthorized|UnauthorizedOperation/.test(failure.name)) {
    return 'deploy the stack of this environment, so that the role is granted this call';
  }
  if (/Credentials|ExpiredToken|UnrecognizedClient|InvalidSignature/.test(failure.name)) {
    return 'sign in to AWS again: the credentials are missing, wrong or expired';
  }
  if (isTransient(failure))
    return 'run the same command again once AWS can be reached; a deployment is taken up where it is';
  return 'read the answer of AWS; `--help` of the command names what it needs';
}

/** Name of the AWS exception behind an error, or undefined when AWS was not the cause. */
export function awsErrorName(error: unknown): string | undefined {
  if (!LockstepError.is(error) || error.code !== 'AwsCallFailed') return undefined;
  return error.cause instanceof Error ? error.cause.name : undefined;
}

/** True for failures that say nothing about the request: throttling, 5xx, a broken connection. */
export function isTransient(error: unknown): boolean {
  const cause = LockstepError.is(error) ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  const { code, name, $metadata }: SdkFailure = cause;
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    status >= 500 ||
    status === 429 ||
    TRANSIENT_NAMES.test(name) ||
    (code !== undefined && NETWORK_CODES.has(code))
  );
}
