import { Token } from 'aws-cdk-lib';
import { type Fault, LockstepError } from '../contract';

/**
 * Refuses a document that holds values which are known only at deployment. `JSON.stringify` would write
 * them as `${Token[…]}` without a word, and a workflow would carry them to AWS.
 *
 * @param places construct path of each part, by the path of the part in the document
 * @throws LockstepError `TokenInManifest` with every such value
 */
export function refuseTokens(
  document: unknown,
  constructPathOf: (path: readonly string[]) => string | undefined,
): void {
  const faults = findTokens(document, []).map((path): Fault => ({
    place: [path.join('.'), constructPathOf(path)].filter(Boolean).join(' of '),
    value: 'a value that is known only at deployment',
    allowed: 'a literal',
    change: 'pass a literal prop, or publish the value through an SSM parameter and refer to that',
  }));
  if (faults.length > 0) throw new LockstepError('TokenInManifest', faults);
}

function findTokens(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (Token.isUnresolved(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => findTokens(item, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...(Token.isUnresolved(key) ? [[...path, '(key)']] : []),
    ...findTokens(item, [...path, key]),
  ]);
}
