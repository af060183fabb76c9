import type { Deployer } from '../../contract/deployer';
import type { Verb } from '../../contract/manifest';

/**
 * Verbs of the deployer that each command for a target runs. A command is given only the methods of its
 * own verbs, and a test compares the table with the calls that each command makes.
 */
export const VERBS_OF_COMMAND = {
  /** Starts, then concludes: waits, and explains a failure, or checks what runs and confirms it. */
  deploy: ['deploy', 'wait', 'diagnose', 'verify', 'confirm'],
  /** Finds the newest deployment, which belongs to waiting, and concludes it. */
  wait: ['wait', 'diagnose', 'verify', 'confirm'],
  /** Goes back, checks what runs then and confirms it; explains when going back failed. */
  rollback: ['rollback', 'diagnose', 'verify', 'confirm'],
  /** Goes back to what ran an image, and so on. */
  'rollback --image': ['recall', 'diagnose', 'verify', 'confirm'],
  /** Reads the history and changes nothing. */
  'rollback --list': ['status'],
  diagnose: ['diagnose'],
  verify: ['verify'],
  status: ['status'],
  /** Reads what runs, for the next environment to take over. */
  resolve: ['status'],
} as const satisfies Record<string, readonly Verb[]>;

/** What only people ask a target for; no job runs it. */
type PeoplesCommand = 'logs' | 'invoke' | 'backup';

export type TargetCommand = keyof typeof VERBS_OF_COMMAND | PeoplesCommand;

type MethodOf<V extends Verb> = V extends 'wait' ? 'wait' | 'current' : V;

/** The part of a deployer that a command may use. */
export type DeployerFor<C extends TargetCommand> = Pick<
  Deployer,
  | (C extends keyof typeof VERBS_OF_COMMAND ? MethodOf<(typeof VERBS_OF_COMMAND)[C][number]> : never)
  | Extract<C, PeoplesCommand>
>;
