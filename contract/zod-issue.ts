import type { z } from 'zod';

/** What is allowed where a document has a fault, in the words of our messages. */
export function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return issue.values.map((allowed) => JSON.stringify(allowed)).join(' or ');
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => inner.message).join(', ');
  if (issue.code === 'unrecognized_keys') return `no field ${issue.keys.join(', ')}`;
  // Texts of a schema say what is allowed; those of the library are put into our words.
  if (issue.code === 'too_small' && !issue.message.startsWith('at '))
    return `${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big' && !issue.message.startsWith('at '))
    return `${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
  const [, expected] = /^Invalid input: expected (\S+?)(?:,.*)?$/.exec(issue.message) ?? [];
  if (expected === undefined) return issue.message;
  return (
    { array: 'a list, in square brackets', object: 'an object, in braces', record: 'an object, in braces' }[
      expected
    ] ?? `a ${expected}`
  );
}
