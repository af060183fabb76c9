import type { Verb } from '../../contract';

/**
 * Verbs of the deployer that each command of `runtime/commands` runs, read from its code and compared with
 * what it really calls in the tests. The generator has a table of its own, so that a mistake in one of
 * them shows.
 */
export const VERBS_OF_COMMAND = {
  /** Starts, then concludes: waits, and diagnoses, or verifies and confirms. */
  deploy: ['deploy', 'wait', 'diagnose', 'verify', 'confirm'],
  /** Looks for the newest deployment, which belongs to waiting, and concludes it. */
  wait: ['wait', 'diagnose', 'verify', 'confirm'],
  /** Goes back, verifies and confirms what runs then, and diagnoses when going back failed. */
  rollback: ['rollback', 'diagnose', 'verify', 'confirm'],
  /** Goes back to the newest version that ran the image, then does the same. */
  'rollback --image': ['recall', 'diagnose', 'verify', 'confirm'],
  /** Reads the history and changes nothing. */
  'rollback --list': ['status'],
  diagnose: ['diagnose'],
  verify: ['verify'],
  status: ['status'],
  /** Reads what runs, for the next environment. */
  resolve: ['status'],
} as const satisfies Record<string, readonly Verb[]>;

/**
 * Commands that look at a target from outside. `identity` asks STS who it is, which IAM refuses to nobody; `diff`
 * reads the templates of the target's stacks. `logs` and `invoke` are for people: no workflow runs them.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const ACTION_OF_INSPECTION = {
  identity: [],
  diff: ['cloudformation:GetTemplate'],
} as const satisfies Record<string, readonly string[]>;

/** Actions on the image repository of each command of `runtime/commands/image.ts`. */
export const ACTIONS_OF_IMAGE_COMMAND = {
  'image find': ['ecr:BatchGetImage'],
  /** Reads the image by its digest and puts it under another tag. */
  'image tag': ['ecr:BatchGetImage', 'ecr:PutImage'],
} as const satisfies Record<string, readonly string[]>;

/** What `image tag` does besides where the ref is a release: it lists the tags first. */
export const ACTIONS_OF_RELEASE = ['ecr:ListImages'] as const;

/** Commands of a GPU check, by what the manifest declares for them. A report is made of files. */
export const CALLS_OF_CHECK_COMMAND = {
  'gpu-check run': 'run',
  'gpu-check report': undefined,
} as const;

/**
 * Commands that tell people, or count what was. GitHub, Slack and PagerDuty are no services of AWS; mail goes through a
 * topic, where the target has one.
 */
export const COMMANDS_OF_NEWS: readonly string[] = ['notify', 'metrics'];

/** Options with a value; the others are switches. */
export const VALUES = new Set([
  '--environment',
  '-e',
  '--image',
  '-i',
  '--revision',
  '-r',
  '--deployment',
  '-d',
  '--commit',
  '-c',
  '--ref',
  '--version',
  '--cuda',
  '--driver',
  '--pytorch',
  '--instance-type',
  '--output',
  '--results',
  '--rollback',
  '--days',
  '--workload',
  '--model',
  '-m',
  '--role',
  '--templates',
  '-t',
]);
/** Both forms of the option that names an image. */
export const IMAGE = new Set(['--image', '-i']);
/** Both forms of the switch that only lists. */
export const LIST = new Set(['--list', '-l']);
export const SWITCHES = new Set([...LIST, '--failed', '--json', '--required', '--help', '-h']);
