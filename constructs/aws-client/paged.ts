import { LockstepError } from '../../contract/errors';

interface Page {
  readonly nextToken?: string | undefined;
}

/**
 * Asks for every page of a list.
 *
 * @param action the IAM action, for the message
 * @param ask makes the call; the first page has no token
 * @param items what a page holds; AWS leaves an empty list out
 * @throws LockstepError `AwsCallFailed` when a token comes a second time: the list would never end
 */
export async function paged<P extends Page, T>(
  action: string,
  ask: (token: { readonly nextToken?: string }) => Promise<P>,
  items: (page: P) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const all: T[] = [];
  const seen = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await ask(nextToken === undefined ? {} : { nextToken });
    all.push(...(items(page) ?? []));
    nextToken = page.nextToken;
    if (nextToken !== undefined && seen.has(nextToken)) throw endless(action);
    if (nextToken !== undefined) seen.add(nextToken);
  } while (nextToken !== undefined);
  return all;
}

const endless = (action: string): LockstepError =>
  new LockstepError('AwsCallFailed', {
    place: action,
    value: 'the same page token a second time',
    allowed: 'a list that ends',
    change: 'run the same command again; it takes up the deployment where it is',
  });

/**
 * Describes many things with a call that takes only some at once.
 *
 * @param limit most ids that one call takes
 */
export async function batched<T>(
  ids: readonly string[],
  limit: number,
  describe: (batch: string[]) => Promise<readonly T[] | undefined>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let start = 0; start < ids.length; start += limit) {
    all.push(...((await describe(ids.slice(start, start + limit))) ?? []));
  }
  return all;
}
