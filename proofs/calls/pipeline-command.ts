import type { AwsCall, DeployManifest, ImageEntry, TargetEntry, Verb } from '../../contract';
import { type ReadCalls, refused, stepCallsOf } from './call';
import {
  ACTION_OF_INSPECTION,
  ACTIONS_OF_IMAGE_COMMAND,
  ACTIONS_OF_RELEASE,
  LIST,
  SWITCHES,
  VALUES,
  VERBS_OF_COMMAND,
} from './command-verbs';
import { readOptions } from './options';
import type { Word } from './shell-word';

const SAME_IMAGE =
  'pass an image of the repository that the workload declares; the command refuses every other one';

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
  const isImage = first === 'image';
  const verb = isImage ? `image ${others[0] ?? ''}` : (first ?? '');
  const workload = isImage ? others[1] : others[0];
  const allowed = [VERBS_OF_COMMAND, ACTION_OF_INSPECTION, ACTIONS_OF_IMAGE_COMMAND]
    .flatMap(Object.keys)
    .join(', ');
  const refuse = (value: string, what: string, change: string) =>
    refused({ place: at.place, value: `${value} in \`${at.text}\``, allowed: what, change });

  const written = given.written('--image') ?? given.written('-i');
  // The repository stands in the file even where the digest comes from another job.
  const isForeign = ({ repository }: ImageEntry): boolean => {
    const named = written?.split('@')[0];
    return named !== undefined && !named.includes('${{') && named !== repository.uri;
  };

  if (unknown.length > 0) {
    return refuse(
      unknown.join(', '),
      [...VALUES, ...SWITCHES].join(', '),
      'remove the option or correct its name',
    );
  }
  if (given.flags.some((flag) => flag === '--help' || flag === '-h')) return { calls: [], faults: [] };
  if (isKey(ACTIONS_OF_IMAGE_COMMAND, verb)) {
    const image = imageOf(manifest, workload);
    if (!image)
      return refuse(
        `workload ${workload ?? 'nothing'}`,
        workloads(manifest),
        'name a workload that has an image',
      );
    if (isForeign(image))
      return refuse(`image ${written ?? ''}`, `an image of ${image.repository.uri}`, SAME_IMAGE);
    const releases = manifest.workloads.some(
      ({ id, releaseTags }) => id === workload && releaseTags.length > 0,
    );
    const actions = [
      ...ACTIONS_OF_IMAGE_COMMAND[verb],
      ...(verb === 'image tag' && releases ? ACTIONS_OF_RELEASE : []),
    ];
    const calls = repositoryCalls(actions, image);
    return {
      calls: stepCallsOf(calls, at.text, { ...(workload !== undefined && { workload }) }),
      faults: [],
    };
  }
  const isInspection = isKey(ACTION_OF_INSPECTION, verb);
  if (!isInspection && (!isKey(VERBS_OF_COMMAND, verb) || verb === 'rollback --list')) {
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
  const list = given.flags.filter((flag) => LIST.has(flag));
  // A switch that may or may not be there: both commands may run.
  const own = manifest.images.find(({ id }) => id === target.image);
  if (own && isForeign(own))
    return refuse(`image ${written ?? ''}`, `an image of ${own.repository.uri}`, SAME_IMAGE);
  const subject = { workload: target.workload, environment: target.environment };
  if (isInspection) {
    return {
      calls: stepCallsOf(stackCalls(ACTION_OF_INSPECTION[verb], target), at.text, subject),
      faults: [],
    };
  }
  const lists = verb === 'rollback' && list.length > 0;
  const sometimes = lists && given.optional.some((flag) => LIST.has(flag));
  const verbs: readonly Verb[] = lists
    ? [...VERBS_OF_COMMAND['rollback --list'], ...(sometimes ? VERBS_OF_COMMAND.rollback : [])]
    : VERBS_OF_COMMAND[verb];
  const calls = verbs.flatMap((each) => target.calls[each] ?? []);
  return {
    calls: stepCallsOf(calls, at.text, subject),
    faults: [],
  };
}

/** Image of a workload, as the command finds it. */
export function imageOf(manifest: DeployManifest, workload: string | undefined): ImageEntry | undefined {
  const entry = manifest.workloads.find(({ id }) => id === workload);
  return entry && manifest.images.find(({ id }) => id === entry.image);
}

function repositoryCalls(actions: readonly string[], { repository }: ImageEntry): readonly AwsCall[] {
  const { account, region, name } = repository;
  return actions.map((action) => ({
    action,
    resources: [`arn:aws:ecr:${region}:${account}:repository/${name}`],
  }));
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

const workloads = (manifest: DeployManifest): string => manifest.workloads.map(({ id }) => id).join(', ');

function isKey<T extends object>(table: T, key: string): key is keyof T & string {
  return Object.hasOwn(table, key);
}
