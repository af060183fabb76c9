import type { DeployManifest } from '../contract';
import type { PipelinePlan } from '../workflows';

/** A stack as it is synthesized. */
export interface RunbookStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Names of the stacks that have to be there first. */
  readonly dependsOn: readonly string[];
  readonly template: unknown;
}

/** What runbooks are made of. */
export interface RunbookSource {
  readonly manifest: DeployManifest;
  readonly plans: readonly PipelinePlan[];
  /** In the order in which they are deployed. */
  readonly stacks: readonly RunbookStack[];
}
