import { isIPv4 } from 'node:net';

/** Whether a host is this machine. An address of IPv6 may have the brackets that it has in a URL. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}
