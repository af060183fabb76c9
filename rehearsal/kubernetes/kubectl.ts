import { applyObject, manifestsIn } from './apply';
import { type CommandLine, readArguments, secondsOf } from './arguments';
import { patch, remove, scale, undo } from './change';
import { type Kind, kindNamed, notFound, Refusal } from './kinds';
import type { Moment } from './moment';
import { customColumns, people } from './output';
import { rolloutStatus } from './rollout-status';
import type { ApiTrouble, ObjectName } from './state';
import { metricsText } from './traffic';
import type { View } from './view';
import { viewsOf } from './views';

export interface KubectlCall {
  readonly args: readonly string[];
  /** Folder in which it was called. */
  readonly folder: string;
}

export interface KubectlEnd {
  readonly code: number;
  readonly out?: string;
  readonly err?: string;
}

export interface KubectlPorts {
  /** Read anew each time: a situation may have been put back. */
  readonly moment: () => Moment;
  /** Waits in virtual time until something is found, so many seconds at most. */
  readonly until: <T>(found: () => T | undefined, seconds: number) => Promise<T | undefined>;
}

/** Seconds that a call waits for an API server that does not answer, unless it says otherwise. */
const PATIENCE_SECONDS = 32;

/**
 * The part of kubectl that the scripts of nodes use. An option, a kind or a form that it does not know is an error.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/generated/
 */
export async function kubectl(call: KubectlCall, ports: KubectlPorts): Promise<KubectlEnd> {
  try {
    const line = readArguments(call.args);
    await passTrouble(line, ports);
    return await perform(line, call.folder, ports);
  } catch (error) {
    if (error instanceof Refusal) return { code: 1, err: `${error.message}\n` };
    throw error;
  }
}

async function passTrouble({ options }: CommandLine, { moment, until }: KubectlPorts): Promise<void> {
  const trouble = nextTrouble(moment().state.troubles);
  if (!trouble) return;
  const patience = secondsOf(options.get('--request-timeout') ?? `${PATIENCE_SECONDS}s`);
  switch (trouble.kind) {
    case 'tlsTimeout':
      await until(() => undefined, Math.min(10, patience));
      throw new Refusal('Unable to connect to the server: net/http: TLS handshake timeout');
    case 'busy':
      await until(() => undefined, 1);
      throw new Refusal(
        'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later',
      );
    case 'refused':
      throw new Refusal(
        'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
      );
  }
}

/** Counts the call. */
function nextTrouble(troubles: readonly ApiTrouble[]): ApiTrouble | undefined {
  const due = troubles.find(({ left, toPass }) => left > 0 && toPass === 0);
  for (const each of troubles) if (each.toPass > 0) each.toPass -= 1;
  if (due) due.left -= 1;
  return due;
}

async function perform(line: CommandLine, folder: string, ports: KubectlPorts): Promise<KubectlEnd> {
  const { options } = line;
  const [verb = '', ...words] = line.words;
  const moment = ports.moment();
  switch (verb) {
    case 'get':
      return options.has('--raw') ? raw(moment, options.get('--raw') ?? '') : get(moment, words, options);
    case 'apply':
      return apply(moment, options, folder);
    case 'rollout':
      return rollout(words, options, ports);
    case 'scale':
      return each(words, options, (kind, named) =>
        scale(moment, kind, named, Number(needed(options, '--replicas'))),
      );
    case 'delete':
      return each(words, options, (kind, named) => remove(moment, kind, named));
    case 'patch':
      if (options.get('--type') !== 'merge')
        throw new Refusal('error: the rehearsal knows --type=merge only');
      return each(words, options, (kind, named) => patch(moment, kind, named, needed(options, '--patch')));
    default:
      throw new Refusal(`error: unknown command "${verb}" for "kubectl"`);
  }
}

function needed(options: CommandLine['options'], name: string): string {
  const value = options.get(name);
  if (value !== undefined) return value;
  throw new Refusal(`error: required flag(s) "${name.replace('--', '')}" not set`);
}

const namespaceOf = (options: CommandLine['options']): string => options.get('--namespace') ?? 'default';

function raw({ state }: Moment, path: string): KubectlEnd {
  if (/^\/(readyz|livez|healthz)$/.test(path)) return { code: 0, out: 'ok' };
  if (/^\/api\/v1\/namespaces\/kube-system\/pods\/traefik-[^/]+:9100\/proxy\/metrics$/.test(path)) {
    return { code: 0, out: metricsText(state) };
  }
  throw new Refusal('Error from server (NotFound): the server could not find the requested resource');
}

/** `kind/name`, or a kind and names behind it. */
function namedObjects(
  words: readonly string[],
  options: CommandLine['options'],
): readonly (readonly [Kind, ObjectName])[] {
  const namespace = namespaceOf(options);
  const [first = '', ...names] = words;
  if (first.includes('/')) {
    return words.map((word) => {
      const [kind = '', name = ''] = word.split('/');
      return [kindNamed(kind), { namespace, name }];
    });
  }
  const kind = kindNamed(first);
  return names.map((name) => [kind, { namespace, name }]);
}

function each(
  words: readonly string[],
  options: CommandLine['options'],
  act: (kind: Kind, named: ObjectName) => string,
): KubectlEnd {
  const objects = namedObjects(words, options);
  if (objects.length === 0) throw new Refusal('error: resource(s) were provided, but no name was specified');
  const ignores = options.get('--ignore-not-found') === 'true';
  const results = objects.map(([kind, named]) => {
    try {
      return { out: act(kind, named), err: '' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const isMissing = error.message.startsWith('Error from server (NotFound)');
      return { out: '', err: isMissing && ignores ? '' : `${error.message}\n` };
    }
  });
  const err = results.map((result) => result.err).join('');
  return { code: err === '' ? 0 : 1, out: results.map(({ out }) => out).join(''), err };
}

/** One object that is refused does not keep the others. */
function apply(moment: Moment, options: CommandLine['options'], folder: string): KubectlEnd {
  if (options.get('--server-side') === 'true')
    throw new Refusal('error: the rehearsal does not know --server-side');
  const output = options.get('--output') ?? '';
  if (output !== '' && output !== 'name') {
    throw new Refusal(`error: the rehearsal does not know the output format ${output} of apply`);
  }
  // Of `deployment.apps/api created` only the name.
  const told = (line: string): string => (output === 'name' ? line.replace(/ .*$/m, '') : line);
  const results = manifestsIn(needed(options, '--filename'), folder).map((object) => {
    try {
      return { out: told(applyObject(moment, object, namespaceOf(options))), err: '' };
    } catch (error) {
      if (error instanceof Refusal) return { out: '', err: `${error.message}\n` };
      throw error;
    }
  });
  const err = results.map((result) => result.err).join('');
  return { code: err === '' ? 0 : 1, out: results.map(({ out }) => out).join(''), err };
}

async function rollout(
  [verb = '', ...words]: readonly string[],
  options: CommandLine['options'],
  ports: KubectlPorts,
): Promise<KubectlEnd> {
  if (verb === 'undo') {
    const revision = options.get('--to-revision');
    return each(words, options, (kind, named) =>
      undo(ports.moment(), kind, named, revision === undefined ? undefined : Number(revision)),
    );
  }
  if (verb !== 'status') throw new Refusal(`error: unknown command "rollout ${verb}" for "kubectl"`);
  const [[kind, named] = []] = namedObjects(words, options);
  if (!kind || !named) throw new Refusal('error: required resource not specified');
  const timeout = options.get('--timeout');
  return rolloutStatus(kind, named, timeout === undefined ? undefined : secondsOf(timeout), ports);
}

function get(moment: Moment, words: readonly string[], options: CommandLine['options']): KubectlEnd {
  const views = found(moment, words, options);
  const output = options.get('--output') ?? '';
  const hasHead = options.get('--no-headers') !== 'true';
  const isOne = (words[0] ?? '').includes('/') || words.length === 2;
  if (!/^($|json$|name$|wide$|custom-columns=)/.test(output)) {
    throw new Refusal(`error: the rehearsal does not know the output format ${output}`);
  }
  if (views.length === 0 && output !== 'json') {
    const isQuiet = options.get('--ignore-not-found') === 'true';
    return {
      code: 0,
      ...(!isQuiet && { err: `No resources found in ${namespaceOf(options)} namespace.\n` }),
    };
  }
  if (output === 'json') {
    if (isOne && views.length === 0) return { code: 0 };
    const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: views };
    return { code: 0, out: `${JSON.stringify(isOne ? views[0] : list)}\n` };
  }
  if (output.startsWith('custom-columns=')) {
    return { code: 0, out: customColumns(views, output.slice('custom-columns='.length), hasHead) };
  }
  if (output === 'name') {
    return {
      code: 0,
      out: views.map(({ kind, metadata }) => `${kindNamed(kind).resource}/${metadata.name}\n`).join(''),
    };
  }
  return { code: 0, out: people(views, hasHead) };
}

function found(moment: Moment, words: readonly string[], options: CommandLine['options']): readonly View[] {
  const everywhere = options.get('--all-namespaces') === 'true';
  const namespace = namespaceOf(options);
  const wanted = selectorOf(options.get('--selector') ?? '');
  const [first = '', ...names] = words;
  const isHere = (view: View): boolean => everywhere || (view.metadata.namespace ?? namespace) === namespace;
  const fits = (view: View): boolean => {
    const labels = (view.metadata as { readonly labels?: Readonly<Record<string, string>> }).labels ?? {};
    return wanted.every(([label, value]) => labels[label] === value);
  };
  if (!first.includes('/') && names.length === 0) {
    return first.split(',').flatMap((kind) => viewsOf(moment, kindNamed(kind)).filter(isHere).filter(fits));
  }
  return namedObjects(words, options).flatMap(([kind, { name }]) => {
    const view = viewsOf(moment, kind)
      .filter(isHere)
      .find(({ metadata }) => metadata.name === name);
    if (view) return [view];
    if (options.get('--ignore-not-found') === 'true') return [];
    throw notFound(kind, name);
  });
}

function selectorOf(text: string): readonly (readonly [label: string, value: string])[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [, label = '', value = ''] = /^([^=!]+)==?([^=!]+)$/.exec(part) ?? [];
      if (label === '') throw new Refusal(`error: the rehearsal does not know the selector ${part}`);
      return [label, value];
    });
}
