import type { DeployManifest } from '../../contract';
import type { Artefacts, TemplateRole } from '../artefacts';
import { conditionKey, contextOf, DEFAULT_AUDIENCE, providerArn, WEB_IDENTITY_ACTION } from './issuer';
import type { PromisedSignIn } from './legitimate';
import { formsOf, type JobRun, mint } from './mint';
import { type Base, fileStrangersTo, outsidersTo, type Stranger, strangersTo } from './strangers';
import type { Attempt } from './trust';

/**
 * Strangers to a role, made from its own jobs; those that AWS could not tell from an own job are none.
 *
 * @param own the sign-ins of the role
 */
export function strangersOf(
  role: Pick<TemplateRole, 'account'>,
  own: readonly PromisedSignIn[],
  artefacts: Pick<Artefacts, 'manifest' | 'workflows'>,
): readonly Stranger[] {
  const forms = formsOf(artefacts.manifest.repository);
  const [provider, action] = [providerArn(role.account), WEB_IDENTITY_ACTION];
  const known = new Set(
    own.flatMap(({ runs }) =>
      runs.map(({ run }) => identity({ provider, action, context: contextOf(mint(run)) })),
    ),
  );
  const seen = new Set<string>();
  const places = new Set<string>();
  return basesOf(role.account, own, artefacts)
    .flatMap((base) => {
      const { environment, ref } = base.run;
      const place = `${String(environment)} ${kindOf(ref)}`;
      // A second file of the same environment differs in nothing but the file.
      if (places.has(place)) return fileStrangersTo(base);
      places.add(place);
      return [...strangersTo(base, forms), ...(places.size === 1 ? outsidersTo(base) : [])];
    })
    .filter(({ attempt }) => {
      const who = identity(attempt);
      return !known.has(who) && !seen.has(who) && Boolean(seen.add(who));
    });
}

/** Claims that tell jobs apart; the others are no part of who a job is. */
const TELLING = ['aud', 'sub', 'job_workflow_ref', 'repository_id', 'repository_owner_id'].map((claim) =>
  conditionKey(claim),
);

/** Two callers with the same identity are one to every trust policy of a good form. */
function identity({ provider, action, context }: Attempt): string {
  let text = `${provider} ${action}`;
  for (const key of TELLING) {
    const value = context[key];
    text += `\n${typeof value === 'string' ? `"${value}` : JSON.stringify(value)}`;
  }
  return text;
}

const kindOf = (ref: string): string => (ref.startsWith('refs/tags/') ? 'tag' : 'branch');

/** One own job for each environment, workflow file and kind of ref. */
function basesOf(
  account: string,
  own: readonly PromisedSignIn[],
  { manifest, workflows }: Pick<Artefacts, 'manifest' | 'workflows'>,
): readonly Base[] {
  const around = {
    account,
    environments: environmentsOf(manifest),
    otherAccounts: [...new Set(manifest.environments.map((environment) => environment.account))].filter(
      (other) => other !== account,
    ),
  };
  const files = workflows.map(({ file }) => file);
  const bases = new Map<string, Base>();
  for (const { workflow, runs, admits } of own) {
    for (const { run } of runs) {
      const key = `${String(run.environment)} ${workflow.file} ${kindOf(run.ref)}`;
      if (!bases.has(key))
        bases.set(key, {
          ...around,
          files: beside(workflow.file, files),
          run,
          context: contextOf(mint(run)),
          admits,
        });
    }
  }
  if (bases.size > 0) return [...bases.values()];
  const run = runWithoutJob(manifest);
  return [{ ...around, files: beside('', files), run, context: contextOf(mint(run)), admits: () => false }];
}

/** Files that stand next to a file: a sample, so that the catalogue does not grow with the platform. */
function beside(file: string, files: readonly string[]): readonly string[] {
  const at = Math.max(files.indexOf(file), 0);
  return files.slice(Math.max(at - 2, 0), at + 3).filter((other) => other !== file);
}

const environmentsOf = ({ environments }: DeployManifest): readonly string[] => [
  ...new Set(environments.flatMap(({ name, rollbackEnvironment }) => [name, rollbackEnvironment])),
];

/** Where no job signs in to a role, nobody may: even a job of the default branch is a stranger then. */
function runWithoutJob({ repository }: DeployManifest): JobRun {
  const ref = `refs/heads/${repository.defaultBranch}`;
  const file = '.github/workflows/unknown.yml';
  return {
    repository,
    form: 'legacy',
    event: 'push',
    ref,
    workflowName: file,
    jobWorkflowRef: `${repository.owner}/${repository.name}/${file}@${ref}`,
    audience: DEFAULT_AUDIENCE,
  };
}
