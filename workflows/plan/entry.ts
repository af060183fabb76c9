import { LockstepError, MANIFEST_PATH } from '../../contract';

/**
 * The entry that another one names.
 *
 * @param place where it is named
 * @throws LockstepError `DanglingReference`
 */
export function entry<Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  id: string,
  place: string,
): Entry {
  const found = entries.find((candidate) => candidate.id === id);
  if (found) return found;
  throw dangling(place, id, entries.map((candidate) => candidate.id).join(', ') || 'nothing yet');
}

export function dangling(place: string, value: string, allowed: string): LockstepError {
  return new LockstepError('DanglingReference', {
    place: `${MANIFEST_PATH} ${place}`,
    value,
    allowed,
    change: 'declare it in the platform file',
  });
}
