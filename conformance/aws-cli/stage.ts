import { loadPlatform } from '../../bin/load-platform';
import { synthesize } from '../../cli/read-artefacts';
import { DEFAULT_AUDIENCE } from '../../proofs/claims';
import { EmulatedAws } from '../../rehearsal/aws/emulated-aws';
import { VirtualClock } from '../../rehearsal/clock';
import { TokenIssuer } from '../../rehearsal/github/token-issuer';
import type { Transcript } from './transcript';

/** The emulated AWS with the stacks of the sample platform, and the issuer that its roles trust. */
export interface Stage {
  readonly aws: EmulatedAws;
  readonly clock: VirtualClock;
  readonly endpoint: string;
  /** A token for a job of the workflow, with its environment if it has one. */
  token(environment: string | undefined): string;
  close(): Promise<void>;
}

const SHA = '0123456789abcdef0123456789abcdef01234567';

export async function openStage({ workflow, stacks }: Transcript): Promise<Stage> {
  const { manifest, templates } = synthesize(loadPlatform());
  const clock = new VirtualClock();
  const tokens = await TokenIssuer.start(clock);
  const aws = new EmulatedAws({ clock, tokens, templates: [...templates, ...stacks] });
  const { repository } = manifest;
  const ref = `refs/heads/${repository.defaultBranch}`;
  const job = {
    repository,
    form: 'legacy',
    event: 'push',
    ref,
    workflowName: workflow,
    jobWorkflowRef: `${repository.owner}/${repository.name}/${workflow}@${ref}`,
    sha: SHA,
    runId: '1',
    runAttempt: 1,
  } as const;
  return {
    aws,
    clock,
    endpoint: await aws.start(),
    token: (environment) =>
      tokens.issue({ ...job, ...(environment !== undefined && { environment }) }, DEFAULT_AUDIENCE),
    close: async () => {
      await aws.stop();
      await tokens.close();
    },
  };
}
