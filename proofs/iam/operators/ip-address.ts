import { isIP } from 'node:net';
import { type Operator, typedOperator } from './operator';

interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

interface Range extends Address {
  /** Bits of an address that the range does not fix. */
  readonly free: bigint;
}

const WIDTH = { 4: 32, 6: 128 } as const;

function parseAddress(text: string): Address | undefined {
  switch (isIP(text)) {
    case 4:
      return { family: 4, bits: join(text.split('.').map(Number), 8n) };
    case 6: {
      // IPv4 inside IPv6 and zones: nothing says how IAM compares them.
      if (text.includes('.') || text.includes('%')) return undefined;
      const [head = '', tail] = text.split('::');
      const left = groups(head);
      const right = groups(tail ?? '');
      const zeros = Array<number>(8 - left.length - right.length).fill(0);
      return { family: 6, bits: join([...left, ...zeros, ...right], 16n) };
    }
    default:
      return undefined;
  }
}

const groups = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

const join = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((bits, part) => (bits << width) | BigInt(part), 0n);

/**
 * A range in CIDR form. An IPv4 address alone is a range of one. An IPv6 address alone is refused:
 * AWS documents `/32` as the default prefix, which nobody means.
 */
function parseRange(text: string): Range | undefined {
  const [host = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(host);
  if (!address || rest.length > 0 || (prefix === undefined && address.family === 6)) return undefined;
  const width = WIDTH[address.family];
  const length = prefix === undefined ? width : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity;
  if (length > width) return undefined;
  const free = BigInt(width - length);
  // Bits behind the prefix: IAM may ignore or refuse them.
  return address.bits & ((1n << free) - 1n) ? undefined : { ...address, free };
}

const within = (range: Range, address: Address): boolean =>
  range.family === address.family && range.bits >> range.free === address.bits >> range.free;

const ip = (negated: boolean): Operator =>
  typedOperator({
    allowed: 'an IPv4 address or a CIDR range without host bits, such as 203.0.113.0/24 or 2001:db8::/32',
    parsePolicy: parseRange,
    parseRequest: parseAddress,
    matches: within,
    negated,
  });

/**
 * The operators on IP addresses. IPv4 and IPv6 never match each other.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
export const IP_ADDRESS_OPERATORS = {
  IpAddress: ip(false),
  NotIpAddress: ip(true),
} as const satisfies Readonly<Record<string, Operator>>;
