import type { AwsCall, EcrImage, TargetEntry, Verb } from '../../contract';
import { repositoryCalls } from './action-calls';

/** What the commands for a target do, in the verbs of its deployer. */
const TARGET_COMMANDS = {
  /** Deploys, waits for the end, explains a failure, checks what runs, and confirms it. */
  deploy: ['deploy', 'wait', 'diagnose', 'verify', 'confirm'],
  /** Goes back, explains when that fails, checks what runs then, and confirms it. */
  rollback: ['rollback', 'diagnose', 'verify', 'confirm'],
  /** Goes back to what ran an image, and so on. */
  'rollback --image': ['recall', 'diagnose', 'verify', 'confirm'],
  'rollback --list': ['status'],
  /** Reads what runs. */
  resolve: ['status'],
} as const satisfies Record<string, readonly Verb[]>;

/** What the commands for an image call on its repository. */
const IMAGE_COMMANDS = {
  'image find': ['ecr:BatchGetImage'],
  'image tag': ['ecr:BatchGetImage', 'ecr:PutImage'],
  /** Of a workload with releases: it looks for later ones. */
  'image tag, releases': ['ecr:BatchGetImage', 'ecr:ListImages', 'ecr:PutImage'],
} as const;

/** Calls of a command for a target: those that the target declares for the verbs behind it. */
export function targetCalls(command: keyof typeof TARGET_COMMANDS, target: TargetEntry): readonly AwsCall[] {
  const calls = TARGET_COMMANDS[command].flatMap((verb) => target.calls[verb]);
  return distinct(calls);
}

/** Calls of a command for an image. */
export function imageCalls(command: keyof typeof IMAGE_COMMANDS, image: EcrImage): readonly AwsCall[] {
  return repositoryCalls(IMAGE_COMMANDS[command], image);
}

function distinct(calls: readonly AwsCall[]): readonly AwsCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}
