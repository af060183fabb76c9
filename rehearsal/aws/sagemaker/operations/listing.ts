import { isAt, type Place } from '../../place';
import { type Call, type Input, page } from '../../service';

/** Members of every list request that are modelled. */
export const LIST_MEMBERS = ['SortBy', 'SortOrder', 'NameContains', 'MaxResults', 'NextToken'];

/** Largest page, and the usual one. */
const MOST = 100;
const USUAL = 10;

interface Listed extends Place {
  readonly name: string;
  readonly createdAt: number;
}

/**
 * One page of what is at the place of the call, newest first unless the request says otherwise.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpointConfigs.html
 */
export function listed<T extends Listed>(
  all: readonly T[],
  input: Input,
  call: Call,
): { readonly items: readonly T[]; readonly token: { readonly NextToken?: string } } {
  const { SortBy = 'CreationTime', SortOrder = 'Descending', NameContains } = input;
  const found = all.filter(
    (each) => isAt(each, call) && (typeof NameContains !== 'string' || each.name.includes(NameContains)),
  );
  const byName = (one: T, other: T): number => (one.name < other.name ? -1 : Number(one.name > other.name));
  // Things stand in the order of their creation.
  const ascending = SortBy === 'Name' ? [...found].sort(byName) : found;
  const sorted = SortOrder === 'Ascending' ? ascending : [...ascending].reverse();
  const asked = { maxResults: input.MaxResults ?? USUAL, nextToken: input.NextToken };
  const { items, nextToken } = page(asked, sorted, MOST);
  return { items, token: nextToken === undefined ? {} : { NextToken: nextToken } };
}
