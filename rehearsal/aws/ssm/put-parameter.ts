import { ApiFault } from '../service';
import { checkNewName } from './names';
import type { ParameterType, StoredParameter } from './state';

/** Characters of a value in the standard tier. */
const LONGEST_VALUE = 4_096;
/** Parameter Store drops the oldest version beyond these. */
const MOST_VERSIONS = 100;

export interface NewValue {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly value: string;
  readonly type?: ParameterType | undefined;
  readonly overwrite: boolean;
  readonly allowedPattern?: string | undefined;
  readonly description?: string | undefined;
  readonly at: number;
  readonly by?: string | undefined;
}

/**
 * A parameter after a value was put.
 *
 * @throws ApiFault as the API reference names them
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function withValue(before: StoredParameter | undefined, put: NewValue): StoredParameter {
  const { account, region, name, value, at, by } = put;
  if (before && !put.overwrite) {
    throw new ApiFault(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  if (!before) checkNewName(name);
  const type = before ? sameType(before, put) : put.type;
  if (type === undefined) {
    throw new ApiFault('ValidationException', 'A parameter type is required when you create a parameter.');
  }
  const allowedPattern = put.allowedPattern ?? before?.allowedPattern;
  checkValue(value, allowedPattern);
  const description = put.description ?? before?.description;
  const versions = before?.versions ?? [];
  const version = (versions.at(-1)?.version ?? 0) + 1;
  const added = { version, value, at, ...(by !== undefined && { by }) };
  return {
    account,
    region,
    name,
    type,
    ...(allowedPattern !== undefined && { allowedPattern }),
    ...(description !== undefined && { description }),
    versions: [...versions, added].slice(-MOST_VERSIONS),
  };
}

function sameType(before: StoredParameter, { type = before.type }: NewValue): ParameterType {
  if (type === before.type) return type;
  const text = `The parameter is a ${before.type}; its type cannot be changed to ${type}.`;
  throw new ApiFault('HierarchyTypeMismatchException', text);
}

function checkValue(value: string, allowedPattern: string | undefined): void {
  if (value.length === 0 || value.length > LONGEST_VALUE) {
    throw new ApiFault('ValidationException', `Value: 1 to ${LONGEST_VALUE} characters, got ${value.length}`);
  }
  if (allowedPattern === undefined || new RegExp(`^(?:${allowedPattern})$`).test(value)) return;
  const text = `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`;
  throw new ApiFault('ParameterPatternMismatchException', text);
}
