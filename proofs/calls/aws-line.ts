import type { IamReference } from '../iam';
import { ALSO_NEEDS, GLOBAL_OPTIONS, IAM_PREFIX, OPERATIONS, SWITCHES } from './aws-operations';
import { RESOURCE_OPTIONS, type Scope } from './aws-resources';
import { type ReadCalls, refused, stepCallsOf } from './call';
import { readOptions } from './options';
import type { CommandPlace } from './pipeline-command';
import { copiedObjects } from './s3-copy';
import { showWord, type Word } from './shell-word';

/** Options of `aws s3` that take a value; the others are switches. */
const S3_VALUES: ReadonlySet<string> = new Set([
  ...GLOBAL_OPTIONS,
  ...[
    '--acl',
    '--cache-control',
    '--content-type',
    '--exclude',
    '--expires-in',
    '--include',
    '--metadata',
    '--sse',
    '--storage-class',
  ],
]);

/**
 * The IAM actions and resources of one line of the AWS command line.
 *
 * @param scope account and region of the session that the line runs with
 */
export function awsLineCalls(
  words: readonly Word[],
  at: CommandPlace,
  scope: Scope | undefined,
  reference: IamReference,
): ReadCalls {
  const [service = '', operation = '', ...rest] = commandWords(words);
  const name = `${service} ${operation}`;
  const refuse = (value: string, allowed: string) =>
    refused({
      place: at.place,
      value: `${value} in \`${at.text}\``,
      allowed,
      change:
        'declare it: let a verb of the pipeline command make the call, with its own `calls` in the manifest',
    });
  const options = readOptions(
    words.filter((word) => !SWITCHES.has(showWord(word))),
    at.environment,
    'all',
  );
  const foreign = ['--profile', '--endpoint-url', '--no-sign-request'].find((flag) =>
    words.some((word) => showWord(word).split('=')[0] === flag),
  );
  if (foreign !== undefined) return refuse(foreign, 'calls with the session that the job signed in to');
  const more = ALSO_NEEDS[name];
  if (more !== undefined)
    return refuse(`aws ${name}, which needs ${more} too`, 'an operation with one action');

  const prefix = IAM_PREFIX[service] ?? service;
  const actions = actionsOf(service, operation, rest, prefix, reference);
  if (!actions) return refuse(`aws ${name}`, 'an operation whose IAM action is known');
  if (service === 's3')
    return s3Calls(operation, readOptions(words, at.environment, S3_VALUES).positional.slice(2), at, refuse);
  const region = options.flags.includes('--region') ? options.value('--region') : scope?.region;
  if (actions.length > 0 && (!scope || region === undefined))
    return refuse('a region or account that cannot be told', 'a literal one');
  const calls = actions.map((action) => ({
    action,
    resources: resourcesOf(action, { account: scope?.account ?? '', region: region ?? '' }),
  }));
  const open = calls.find(({ resources }) => resources === undefined);
  if (open)
    return refuse(
      `a resource of ${open.action} that cannot be told`,
      'a resource that the line names literally',
    );
  return {
    calls: calls.flatMap(({ action, resources = [] }) => stepCallsOf([{ action, resources }], at.text, {})),
    faults: [],
  };

  function resourcesOf(action: string, where: Scope): readonly string[] | undefined {
    const types = reference.action(action).resourceTypes;
    if (types.length === 0) return ['*'];
    const found = types.map((type) => RESOURCE_OPTIONS[`${prefix}:${type.name}`]?.(options, where) ?? []);
    const missing = types.some(({ required }, index) => required && found[index]?.length === 0);
    const named = found.flat();
    return missing || named.length === 0 || named.includes(undefined)
      ? undefined
      : named.flatMap((arn) => arn ?? []);
  }
}

/** Service, operation and what follows, without the options of the command line itself. */
function commandWords(words: readonly Word[]): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length && found.length < 3; at += 1) {
    const text = showWord(words[at] as Word);
    if (GLOBAL_OPTIONS.has(text)) at += 1;
    else if (!text.startsWith('-')) found.push(text);
  }
  return found;
}

function actionsOf(
  service: string,
  operation: string,
  [argument = '']: readonly string[],
  prefix: string,
  reference: IamReference,
): readonly string[] | undefined {
  if (service === 's3') return operation === '' ? undefined : [];
  const listed = OPERATIONS[`${service} ${operation} ${argument}`] ?? OPERATIONS[`${service} ${operation}`];
  if (listed) return listed;
  const wanted = operation.replaceAll('-', '');
  try {
    const action = `${prefix}:${wanted}`;
    return wanted !== '' && /^[A-Za-z0-9]+$/.test(wanted) && reference.actionExists(action)
      ? [reference.action(action).action]
      : undefined;
  } catch {
    return undefined;
  }
}

function s3Calls(
  operation: string,
  paths: readonly (string | undefined)[],
  { text }: CommandPlace,
  refuse: (value: string, allowed: string) => ReadCalls,
): ReadCalls {
  const calls = copiedObjects(operation, paths);
  if (!calls)
    return refuse(`aws s3 ${operation}`, 'cp, mv, sync, ls, rm, mb, rb or presign on literal paths');
  return { calls: stepCallsOf(calls, text, {}), faults: [] };
}
