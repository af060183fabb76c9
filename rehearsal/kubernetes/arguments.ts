import { Refusal } from './kinds';

/** A command line of kubectl: what it does, to what, and its options. */
export interface CommandLine {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
}

/** Options that the stand-in knows. A value is needed where the text says so. */
const OPTIONS: Readonly<Record<string, 'value' | 'flag'>> = {
  '--all-namespaces': 'flag',
  '--field-manager': 'value',
  '--filename': 'value',
  '--force-conflicts': 'flag',
  '--ignore-not-found': 'flag',
  '--kubeconfig': 'value',
  '--namespace': 'value',
  '--no-headers': 'flag',
  '--output': 'value',
  '--patch': 'value',
  '--raw': 'value',
  '--recursive': 'flag',
  '--replicas': 'value',
  '--request-timeout': 'value',
  '--selector': 'value',
  '--server-side': 'flag',
  '--timeout': 'value',
  '--to-revision': 'value',
  '--type': 'value',
  '--validate': 'flag',
  '--wait': 'flag',
  '--watch': 'flag',
};

const SHORT: Readonly<Record<string, string>> = {
  '-A': '--all-namespaces',
  '-f': '--filename',
  '-l': '--selector',
  '-n': '--namespace',
  '-o': '--output',
  '-p': '--patch',
  '-w': '--watch',
};

/** @throws Refusal for an option that the stand-in does not know: nothing is left out in silence */
export function readArguments(args: readonly string[]): CommandLine {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < args.length; at += 1) {
    const given = args[at] ?? '';
    if (!given.startsWith('-') || given === '-') {
      words.push(given);
      continue;
    }
    const equals = given.indexOf('=');
    const written = equals < 0 ? given : given.slice(0, equals);
    const name = SHORT[written] ?? written;
    const form = OPTIONS[name];
    if (form === undefined) throw new Refusal(`error: unknown flag: ${written}`);
    if (equals >= 0) options.set(name, given.slice(equals + 1));
    else if (form === 'flag') options.set(name, 'true');
    else {
      at += 1;
      const value = args[at];
      if (value === undefined) throw new Refusal(`error: flag needs an argument: ${written}`);
      options.set(name, value);
    }
  }
  return { words, options };
}

/** Seconds of a duration such as `90s`, `5m` or `1m30s`. */
export function secondsOf(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1 };
  if (/^\d+$/.test(duration)) return Number(duration);
  if (!/^(\d+[hms])+$/.test(duration))
    throw new Refusal(`error: invalid argument "${duration}" for a duration`);
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0),
    0,
  );
}
