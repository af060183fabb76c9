import type { JobRun } from '../mint';
import { type Base, byClaims, byRun, type Stranger, subjectOf } from './stranger';
import { spellings } from './spellings';

const STRANGE_OWNER = 'mallory';
/** An id that GitHub gave to somebody else. */
const OTHER_ID = '99999999';

/**
 * Tokens of other repositories. Everything but the names stays that of an own job, as when a stranger
 * calls our workflow file as a reusable one: then `job_workflow_ref` is ours.
 */
export function repositoryStrangers(base: Base): readonly Stranger[] {
  const { repository } = base.run;
  const { owner, name } = repository;
  const as = (change: Partial<JobRun['repository']>) => ({ repository: { ...repository, ...change } });
  const stranger = (what: string, reason: string, change: Partial<JobRun['repository']>): Stranger =>
    byRun(base, 'repository', [what, reason], as(change));
  return [
    stranger('fork of another owner', 'anybody may fork the repository and run its workflows', {
      owner: STRANGE_OWNER,
    }),
    stranger('other repository of the owner', 'a colleague with less trust owns it', { name: 'sandbox' }),
    stranger('owner and repository swapped', 'anybody may take such names', { owner: name, name: owner }),
    ...spellings(owner).map(([how, spelling]) =>
      stranger(`owner ${how}`, 'anybody may register such an owner', { owner: spelling }),
    ),
    ...spellings(name).map(([how, spelling]) =>
      stranger(`repository ${how}`, 'whoever may create repositories of the owner makes one', {
        name: spelling,
      }),
    ),
  ];
}

/** Tokens in which names and ids do not belong together. */
export function identityStrangers(base: Base): readonly Stranger[] {
  return base.run.form === 'legacy' ? recycledNames(base) : foreignIds(base);
}

function recycledNames(base: Base): readonly Stranger[] {
  const reason = 'whoever takes over a name that became free gets the old subject, but not the id';
  const stranger = (what: string, claims: Readonly<Record<string, string | undefined>>): Stranger =>
    byClaims(base, 'ids', [what, reason], claims, 'repository ids');
  return [
    stranger('recycled owner name', { repository_owner_id: OTHER_ID }),
    stranger('recycled repository name', { repository_id: OTHER_ID }),
    stranger('recycled names', { repository_owner_id: OTHER_ID, repository_id: OTHER_ID }),
    stranger('no owner id', { repository_owner_id: undefined }),
    stranger('no repository id', { repository_id: undefined }),
  ];
}

/** Only the subject differs: the claims beside it are those of an own job. */
function foreignIds(base: Base): readonly Stranger[] {
  const { owner, name, ownerId = '', repositoryId = '' } = base.run.repository;
  const context = subjectOf(base).replace(/^repo:[^:]*:/, '');
  const stranger = (what: string, reason: string, repository: string): Stranger =>
    byClaims(base, 'ids', [what, reason], { sub: `repo:${repository}:${context}` });
  const other = 'a repository that was made anew under a free name has other ids';
  const noForm = 'no form of GitHub; nothing may match it';
  return [
    stranger('subject with another owner id', other, `${owner}@${OTHER_ID}/${name}@${repositoryId}`),
    stranger('subject with another repository id', other, `${owner}@${ownerId}/${name}@${OTHER_ID}`),
    stranger('subject with longer ids', other, `${owner}@${ownerId}0/${name}@${repositoryId}0`),
    stranger('subject with ids swapped', other, `${owner}@${repositoryId}/${name}@${ownerId}`),
    stranger('subject with the id of the owner only', noForm, `${owner}@${ownerId}/${name}`),
    stranger('subject with the id of the repository only', noForm, `${owner}/${name}@${repositoryId}`),
    stranger('subject with ids instead of names', noForm, `${ownerId}/${repositoryId}`),
    stranger('ids behind hyphens', 'names may end so', `${owner}-${ownerId}/${name}-${repositoryId}`),
  ];
}
