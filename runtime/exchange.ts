import type { Clock } from '../contract/deployer';

/** One request over HTTP. It may carry a secret, in the address too: nothing of it is ever told. */
export interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came of it after all tries. */
export type Answer =
  | { readonly came: true; readonly status: number; readonly headers: Headers; readonly body: string }
  /** No complete answer came; `reason` is the name of the failure, such as `ECONNREFUSED`. */
  | { readonly came: false; readonly reason: string };

export interface ExchangePorts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const TRIES = 5;
const FIRST_DELAY_MS = 1_000;
/** A server that asks for a longer pause is not waited for: the caller says when to come again. */
const LONGEST_DELAY_MS = 60_000;
const ANSWER_WITHIN_MS = 30_000;

/**
 * Sends a request, and sends it again when the server is busy or broken or the network fails.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api (retry-after, and back-off)
 */
export async function exchange({ clock, signal }: ExchangePorts, request: Request): Promise<Answer> {
  for (let tried = 1; ; tried += 1) {
    const answer = await once(request, signal);
    const pause = isWorthAnotherTry(answer) ? pauseAfter(answer, tried, clock.now()) : undefined;
    if (pause === undefined || tried >= TRIES || pause > LONGEST_DELAY_MS || signal.aborted) return answer;
    await clock.sleep(pause, signal);
  }
}

async function once({ url, method, headers, body }: Request, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      // An address that was moved would get what only the first one may know.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    return { came: true, status: response.status, headers: response.headers, body: await response.text() };
  } catch (error) {
    return { came: false, reason: reasonOf(error) };
  }
}

/** The messages of `fetch` may hold the address, so that only names and codes are told. */
function reasonOf(error: unknown): string {
  const { name, cause } = error instanceof Error ? error : { name: 'Error', cause: undefined };
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? (cause instanceof Error ? cause.name : name);
}

const isWorthAnotherTry = (answer: Answer): boolean =>
  !answer.came || answer.status === 429 || answer.status >= 500 || isRateLimited(answer);

/**
 * GitHub also answers 403 to those who ask too often.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export const isRateLimited = (answer: Answer): boolean =>
  answer.came &&
  (answer.status === 429 ||
    (answer.status === 403 &&
      (answer.headers.has('retry-after') || answer.headers.get('x-ratelimit-remaining') === '0')));

/** Milliseconds, as the server asks or doubling. */
function pauseAfter(answer: Answer, tried: number, now: number): number {
  const asked = answer.came ? askedPause(answer.headers, now) : undefined;
  return asked ?? FIRST_DELAY_MS * 2 ** (tried - 1) * (0.5 + Math.random() / 2);
}

function askedPause(headers: Headers, now: number): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  if (headers.get('x-ratelimit-remaining') !== '0') return undefined;
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(0, reset * 1_000 - now) : undefined;
}
