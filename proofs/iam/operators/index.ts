import { ARN_OPERATORS } from './arn';
import { BINARY_OPERATORS } from './binary';
import { BOOL_OPERATORS } from './bool';
import { DATE_OPERATORS } from './date';
import { IP_ADDRESS_OPERATORS } from './ip-address';
import { NUMERIC_OPERATORS } from './numeric';
import type { Operator } from './operator';
import { STRING_OPERATORS } from './string';

export { ARN_PARTS, arnParts } from './arn';
export { parseBoolean } from './bool';
export type { Operand, Operator } from './operator';
export { STRING_OPERATORS } from './string';

/** Every operator that compares values, by its name. `Null` compares none and stands in `condition.ts`. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>(
  Object.entries({
    ...STRING_OPERATORS,
    ...NUMERIC_OPERATORS,
    ...DATE_OPERATORS,
    ...BOOL_OPERATORS,
    ...BINARY_OPERATORS,
    ...IP_ADDRESS_OPERATORS,
    ...ARN_OPERATORS,
  }),
);
