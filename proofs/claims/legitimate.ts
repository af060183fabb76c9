import type { Fault, RepositoryIdentity } from '../../contract';
import type { Workflow } from '../artefacts';
import { formsOf, type JobRun, runOf } from './mint';
import { type Occurrences, occurrencesOf } from './occurrence';
import { mayReach } from './reach';
import { type SignIn, signInsOf } from './sign-in';

/** A sign-in, with the runs of its job that the triggers promise. */
export interface PromisedSignIn extends SignIn {
  readonly runs: readonly { readonly label: string; readonly run: JobRun }[];
  readonly admits: Occurrences['admits'];
}

/** Every sign-in of the workflows; `unread` holds triggers whose token cannot be told in advance. */
export function promisedSignIns(
  workflows: readonly Workflow[],
  repository: RepositoryIdentity,
): { readonly signIns: readonly PromisedSignIn[]; readonly unread: readonly Fault[] } {
  const forms = formsOf(repository);
  const unread: Fault[] = [];
  const signIns = workflows.flatMap((workflow) => {
    const found = signInsOf([workflow]);
    if (found.length === 0) return [];
    const promised = occurrencesOf(workflow, repository.defaultBranch);
    unread.push(...promised.unread);
    return found.map((signIn) => ({
      ...signIn,
      admits: promised.admits,
      runs: promised.occurrences
        .filter((occurrence) => mayReach(workflow, signIn.job, occurrence))
        .flatMap((occurrence) =>
          forms.map((form) => ({
            label: occurrence.label,
            run: runOf(signIn.job, occurrence, repository, form, signIn.audience),
          })),
        ),
    }));
  });
  return { signIns, unread };
}
