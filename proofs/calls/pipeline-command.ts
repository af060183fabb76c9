import type { AwsCall, DeployManifest, TargetEntry, Verb } from '../../contract';
import { type ReadCalls, refused, stepCallsOf } from './call';
import { checkCommandCalls, newsCalls } from './check-command';
import {
  ACTION_OF_INSPECTION,
  ACTIONS_OF_IMAGE_COMMAND,
  CALLS_OF_CHECK_COMMAND,
  COMMANDS_OF_NEWS,
  IMAGE,
  LIST,
  SWITCHES,
  VALUES,
  VERBS_OF_COMMAND,
} from './command-verbs';
import { foreignImage, imageCommandCalls, SAME_IMAGE } from './image-command';
import { readOptions } from './options';
import type { Word } from './shell-word';

export interface CommandPlace {
  readonly place: string;
  readonly text: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Calls of one run of the pipeline command: those that its target or image declares for the verbs behind it. */
export function pipelineCalls(words: readonly Word[], at: CommandPlace, manifest: DeployManifest): ReadCalls {
  const given = readOptions(words, at.environment, VALUES);
  const unknown = given.flags.filter((flag) => !VALUES.has(flag) && !SWITCHES.has(flag));
  const [first, ...others] = given.positional;
  const verb = first === 'image' || first === 'gpu-check' ? `${first} ${others[0] ?? ''}` : (first ?? '');
  const allowed = [VERBS_OF_COMMAND, ACTION_OF_INSPECTION, ACTIONS_OF_IMAGE_COMMAND, CALLS_OF_CHECK_COMMAND]
    .flatMap(Object.keys)
    .concat(COMMANDS_OF_NEWS)
    .join(', ');
  const refuse = (value: string, what: string, change: string) =>
    refused({ place: at.place, value: `${value} in \`${at.text}\``, allowed: what, change });

  if (unknown.length > 0) {
    return refuse(
      unknown.join(', '),
      [...VALUES, ...SWITCHES].join(', '),
      'remove the option or correct its name',
    );
  }
  if (given.flags.some((flag) => flag === '--help' || flag === '-h')) return { calls: [], faults: [] };
  if (isKey(ACTIONS_OF_IMAGE_COMMAND, verb)) return imageCommandCalls(verb, others[1], given, at, manifest);
  if (isKey(CALLS_OF_CHECK_COMMAND, verb)) return checkCommandCalls(verb, others[1], given, at, manifest);
  // Counting reads what GitHub knows, of every workload.
  if (verb === 'metrics') return { calls: [], faults: [] };
  const workload = others[0];
  const isInspection = isKey(ACTION_OF_INSPECTION, verb);
  if (!isInspection && verb !== 'notify' && (!isKey(VERBS_OF_COMMAND, verb) || verb.includes(' '))) {
    return refuse(
      `command ${verb === '' ? 'that cannot be told' : verb}`,
      allowed,
      'use one of the commands, written out',
    );
  }
  const environment = given.value('--environment') ?? given.value('-e');
  const target = manifest.targets.find(
    (entry) => entry.workload === workload && entry.environment === environment,
  );
  if (!target) {
    const known = manifest.targets
      .map((entry) => `${entry.workload} --environment ${entry.environment}`)
      .join(', ');
    return refuse(
      `${workload ?? 'a workload that cannot be told'} --environment ${environment ?? 'that cannot be told'}`,
      known,
      'name workload and environment literally, as the manifest has them',
    );
  }
  if (verb === 'notify') return newsCalls(target, at.text);
  const own = manifest.images.filter(({ id }) => target.images.includes(id));
  const foreign = own.length === 0 ? undefined : foreignImage(given, own);
  if (foreign !== undefined) {
    const uris = own.map(({ repository }) => repository.uri).join(' or ');
    return refuse(`image ${foreign}`, `an image of ${uris}`, SAME_IMAGE);
  }
  // A switch that may or may not be there: both commands may run.
  const list = given.flags.filter((flag) => LIST.has(flag));
  const subject = { workload: target.workload, environment: target.environment };
  if (isInspection) {
    return {
      calls: stepCallsOf(stackCalls(ACTION_OF_INSPECTION[verb], target), at.text, subject),
      faults: [],
    };
  }
  const lists = verb === 'rollback' && list.length > 0;
  const sometimes = lists && given.optional.some((flag) => LIST.has(flag));
  const recalls = verb === 'rollback' && given.flags.some((flag) => IMAGE.has(flag));
  const verbs: readonly Verb[] = lists
    ? [...VERBS_OF_COMMAND['rollback --list'], ...(sometimes ? VERBS_OF_COMMAND.rollback : [])]
    : VERBS_OF_COMMAND[recalls ? 'rollback --image' : verb];
  const calls = verbs.flatMap((each) => target.calls[each] ?? []);
  return {
    calls: stepCallsOf(calls, at.text, subject),
    faults: [],
  };
}

/** CloudFormation chooses the id behind the name of a stack. */
function stackCalls(
  actions: readonly string[],
  { account, region, inspection }: TargetEntry,
): readonly AwsCall[] {
  const stacks = (inspection?.stacks ?? []).map(
    (stack) => `arn:aws:cloudformation:${region}:${account}:stack/${stack}/*`,
  );
  return actions.map((action) => ({ action, resources: stacks }));
}

function isKey<T extends object>(table: T, key: string): key is keyof T & string {
  return Object.hasOwn(table, key);
}
