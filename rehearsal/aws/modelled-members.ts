import { ApiFault, type Input } from './service';

/**
 * Refuses a member of a request that changes what AWS does, but not what the model does: nothing is left out
 * in silence.
 *
 * @param operation such as `s3:PutObject`
 * @throws ApiFault `NotImplemented` with status 501
 */
export function refuseOthers(operation: string, input: Input, modelled: readonly string[]): void {
  const other = Object.keys(input).find((name) => input[name] !== undefined && !modelled.includes(name));
  if (other === undefined) return;
  throw new ApiFault('NotImplemented', `the rehearsal does not model ${other} of ${operation}`, 501);
}

/**
 * A member that may be missing.
 *
 * @throws ApiFault `InvalidParameterException` when it is there and no text
 */
export function optionalString(input: Input, field: string): string | undefined {
  const value = input[field];
  if (value === undefined || typeof value === 'string') return value;
  throw new ApiFault('InvalidParameterException', `${field} is not a string`);
}

/**
 * A blob.
 *
 * @throws ApiFault `InvalidParameterException`
 */
export function bytesOf(input: Input, field: string): Buffer {
  const value = input[field];
  if (value instanceof Uint8Array) return Buffer.from(value);
  throw new ApiFault('InvalidParameterException', `${field} is no blob`);
}
