import type { Fault } from '../../../contract';
import { matching } from '../fields';

/** An IPv4 range by its form; `rangeFaults` judges its meaning. */
export const ipv4Range = matching(
  /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!\/)|(?=\/))){4}\/(\d|[12]\d|3[0-2])$/,
  'an IPv4 range, such as 203.0.113.0/24',
);

/**
 * EC2 would put zeros behind the prefix without a word, and only the prefix counts in a network policy: `10.0.0.5/8` means
 * all of `10.0.0.0/8`.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
export function rangeFaults(cidr: string, place: string): Fault[] {
  const [address = '', prefix = ''] = cidr.split('/');
  const range = `${firstAddress(address, Number(prefix))}/${prefix}`;
  if (cidr === range) return [];
  return [
    {
      place,
      value: `"${cidr}", which is an address inside ${range}`,
      allowed: `the first address of a range: ${range}, or ${address}/32 for the one address`,
      change: `write '${range}' or '${address}/32', whichever is meant`,
    },
  ];
}

function firstAddress(address: string, prefix: number): string {
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = number - (number % 2 ** (32 - prefix));
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
}
