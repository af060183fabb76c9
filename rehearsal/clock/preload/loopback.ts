import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import net from 'node:net';
import { isLoopback } from '../../loopback';

/** `code` of the error that a connection beyond this machine ends with. */
const CODE = 'ERR_NOT_LOOPBACK';

/**
 * Refuses every connection, datagram and lookup that is not for this machine, and writes it down. It keeps honest
 * code from reaching AWS by mistake; it is no prison for hostile code.
 */
export function holdToLoopback(violations: string): void {
  const refusal = (what: string): NodeJS.ErrnoException => {
    appendFileSync(violations, `${JSON.stringify(what)}\n`);
    const message = `a rehearsal talks to this machine only; refused: ${what}`;
    return Object.assign(new Error(message), { code: CODE });
  };
  holdConnections(refusal);
  holdDatagrams(refusal);
  holdLookups(refusal);
}

type Refusal = (what: string) => NodeJS.ErrnoException;
type Any = (this: unknown, ...given: unknown[]) => unknown;

/** Functions of Node.js by name, to be replaced. */
const functionsOf = (owner: object): Record<string, Any | undefined> =>
  owner as Record<string, Any | undefined>;

function holdConnections(refusal: Refusal): void {
  const owner = functionsOf(net.Socket.prototype);
  const connect = owner.connect;
  owner.connect = function (...given) {
    const target = targetOf(given);
    if (target.path !== undefined || isLoopback(target.host)) return connect?.apply(this, given);
    const error = refusal(`connection to ${target.host}:${target.port}`);
    process.nextTick(() => (this as net.Socket).destroy(error));
    return this;
  };
}

/** Where a socket is to connect to, in any of the forms that Node.js takes. */
function targetOf(given: readonly unknown[]): { path?: string; host: string; port: string } {
  const [first, second] = given;
  // `net.connect` hands on the arguments that it has read already, as one list.
  if (Array.isArray(first)) return targetOf(first);
  if (typeof first === 'object' && first !== null) {
    const { path, host, port } = first as { path?: string; host?: string; port?: number };
    return { ...(path !== undefined && { path }), host: host ?? 'localhost', port: String(port) };
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { path: first, host: '', port: '' };
  return { host: typeof second === 'string' ? second : 'localhost', port: String(first) };
}

function holdDatagrams(refusal: Refusal): void {
  const owner = functionsOf(dgram.Socket.prototype);
  for (const name of ['send', 'connect']) {
    const original = owner[name];
    owner[name] = function (...given) {
      const address = given.slice(1).find((item): item is string => typeof item === 'string');
      if (address !== undefined && !isLoopback(address)) throw refusal(`datagram to ${address}`);
      return original?.apply(this, given);
    };
  }
}

const LOOKUP = /^(lookup|resolve|reverse)/;

/** Functions of the module, and methods of its resolvers, which have a connection of their own. */
function holdLookups(refusal: Refusal): void {
  for (const owner of [dns, dns.Resolver.prototype]) {
    replaceLookups(
      owner,
      (original) =>
        function (...given) {
          if (isLoopback(String(given[0]))) return original.apply(this, given);
          const error = refusal(`lookup of ${String(given[0])}`);
          const callback = given.at(-1);
          if (typeof callback !== 'function') throw error;
          process.nextTick(() => callback(error) as unknown);
          return undefined;
        },
    );
  }
  for (const owner of [dns.promises, dns.promises.Resolver.prototype]) {
    replaceLookups(
      owner,
      (original) =>
        async function (...given) {
          if (!isLoopback(String(given[0]))) throw refusal(`lookup of ${String(given[0])}`);
          return original.apply(this, given);
        },
    );
  }
}

/** Methods of a resolver stand further up than its own prototype. */
function replaceLookups(owner: object, made: (original: Any) => Any): void {
  const functions = functionsOf(owner);
  const above = Object.getPrototypeOf(owner) as object | null;
  const names = [...Object.getOwnPropertyNames(owner), ...(above ? Object.getOwnPropertyNames(above) : [])];
  for (const name of new Set(names.filter((each) => LOOKUP.test(each)))) {
    const original = functions[name];
    if (typeof original === 'function') functions[name] = made(original);
  }
}
