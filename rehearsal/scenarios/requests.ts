import { createHash } from 'node:crypto';
import type { DeployManifest } from '../../contract';
import { formsOf } from '../../proofs/claims';
import type { PipelinePlan } from '../../workflows';
import { secretValue } from '../docker-hub';
import type { RunRequest } from '../github/run-request';

/** A commit of a rehearsal: its own hash, of which nobody else knows. */
export const commitOf = (name: string): string =>
  createHash('sha1').update(`rehearsal ${name}`).digest('hex');

export type RequestOptions = Partial<
  Pick<RunRequest, 'event' | 'fromFork' | 'inputs' | 'ref' | 'gate' | 'environmentSecrets'>
> & {
  /** Name of the commit. @default 'new' */
  readonly commit?: string;
};

/** A run of an emitted workflow, by a push to the default branch where nothing else is said. */
export function requestOf(
  plan: PipelinePlan,
  text: string,
  { repository, secrets }: DeployManifest,
  { commit = 'new', ...options }: RequestOptions = {},
): RunRequest {
  const forms = formsOf(repository);
  return {
    file: plan.file,
    text,
    event: 'push',
    ref: `refs/heads/${repository.defaultBranch}`,
    sha: commitOf(commit),
    repository,
    // New repositories have the immutable form; without known ids there is but one.
    subjectForm: forms.at(-1) ?? 'legacy',
    runId: String(1_000_000 + (parseInt(commitOf(commit).slice(0, 5), 16) % 900_000)),
    runAttempt: 1,
    ...secretsOf(secrets),
    ...options,
  };
}

/** Each secret where the manifest says that it is kept: at the repository, or at its environments. */
function secretsOf(secrets: DeployManifest['secrets']): Pick<RunRequest, 'secrets' | 'environmentSecrets'> {
  const valuesOf = (found: DeployManifest['secrets']) =>
    Object.fromEntries(found.map(({ name }) => [name, secretValue(name)]));
  const ofRepository = secrets.filter(({ environments }) => environments.length === 0);
  const holders = [...new Set(secrets.flatMap(({ environments }) => environments))];
  return {
    ...(ofRepository.length > 0 && { secrets: valuesOf(ofRepository) }),
    ...(holders.length > 0 && {
      environmentSecrets: Object.fromEntries(
        holders.map((holder) => [
          holder,
          valuesOf(secrets.filter(({ environments }) => environments.includes(holder))),
        ]),
      ),
    }),
  };
}
