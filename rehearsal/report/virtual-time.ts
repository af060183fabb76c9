/**
 * A length of virtual time: `04:10`, or `1:04:10` from an hour on.
 *
 * @param milliseconds of virtual time; what is less than a second is dropped
 */
export function virtualTime(milliseconds: number): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** A moment, as the time since the beginning: `+04:10`. Both in milliseconds since the epoch. */
export function virtualMoment(at: number, beginning: number): string {
  return `+${virtualTime(at - beginning)}`;
}
