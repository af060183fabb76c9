import { type Base, byClaims, byRun, type Stranger, subjectOf } from './stranger';
import { spellings } from './spellings';

/** Tokens of the same repository and workflow file, but from another place in it. */
export function contextStrangers(base: Base): readonly Stranger[] {
  const { environment } = base.run;
  return environment === undefined ? otherRefs(base) : otherEnvironments(base, environment);
}

function otherEnvironments(base: Base, environment: string): readonly Stranger[] {
  const named = (how: string, reason: string, name: string | undefined): Stranger =>
    byRun(base, 'context', [how, reason], { environment: name });
  const repository = subjectOf(base).split(':').slice(0, 2).join(':');
  const exactly = (how: string, reason: string, context: string): Stranger =>
    byClaims(base, 'context', [how, reason], { sub: `${repository}:${context}` });
  const unprotected = 'GitHub creates an environment that is not there, without protection';
  const branch = 'whoever may push makes such a branch';
  return [
    ...base.environments
      .filter((name) => name !== environment)
      .map((name) => named(`environment ${name}`, 'it has other rules and another account', name)),
    ...spellings(environment).map(([how, name]) => named(`environment ${how}`, unprotected, name)),
    named('environment with a colon', unprotected, `${environment}:evil`),
    named('environment that ends so', unprotected, `evil:${environment}`),
    exactly('environment with a bare colon', 'no form of GitHub', `environment:${environment}:evil`),
    exactly('environment in an encoded text', 'no form of GitHub', `environment%3A${environment}`),
    exactly('environment behind a branch', branch, `ref:refs/heads/x:environment:${environment}`),
    exactly('branch named like the environment', branch, `ref:refs/heads/environment:${environment}`),
    exactly('branch with an encoded name', branch, `ref:refs/heads/environment%3A${environment}`),
    exactly('job without context', 'no form of GitHub', ''),
    named('job without environment', 'it passes by the protection rules', undefined),
    byRun(base, 'context', ['job without environment on a tag', 'whoever may push tags starts it'], {
      environment: undefined,
      ref: 'refs/tags/v1.2.3',
    }),
    byRun(base, 'context', ['pull request', 'anybody may open one'], {
      environment: undefined,
      event: 'pull_request',
      ref: 'refs/pull/1/merge',
    }),
  ];
}

function otherRefs(base: Base): readonly Stranger[] {
  const { ref } = base.run;
  const on = (how: string, other: string): Stranger =>
    byRun(base, 'context', [how, 'whoever may push makes such a ref'], { ref: other });
  return [
    ...strangeRefs(base).map(([how, other]) => on(how, other)),
    byRun(base, 'context', ['pull request', 'anybody may open one'], {
      event: 'pull_request',
      ref: 'refs/pull/1/merge',
    }),
    on('merge ref of a pull request', 'refs/pull/1/merge'),
    on('ref with a colon', `${ref}:evil`.replace(/^refs\/tags\//, 'refs/heads/')),
    ...base.environments.map((environment) =>
      byRun(base, 'context', [`environment ${environment}`, 'its jobs have a role of their own'], {
        environment,
      }),
    ),
    byRun(
      base,
      'context',
      ['environment named like the ref', 'GitHub creates an environment that is not there'],
      {
        environment: `ref:${ref}`,
      },
    ),
    byClaims(base, 'context', ['ref behind an environment', 'no form of GitHub'], {
      sub: subjectOf(base).replace(':ref:', ':environment:x:ref:'),
    }),
  ];
}

/** Branches and tags whose push does not start the workflow. */
export function strangeRefs({
  run: { ref, repository },
  admits,
}: Base): readonly (readonly [string, string])[] {
  const [, kind = 'heads', name = ref] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
  const main = repository.defaultBranch;
  const candidates: readonly (readonly [string, string])[] = [
    ['other branch', 'refs/heads/evil'],
    ['branch below the name', `refs/heads/${name}/evil`],
    ['branch that ends so', `refs/heads/evil/${name}`],
    ['branch with dots', `refs/heads/${name}/../evil`],
    ...spellings(name).map(([how, spelling]) => [`branch ${how}`, `refs/heads/${spelling}`] as const),
    ['branch named like a full ref', `refs/heads/${ref}`],
    ['bare name', name],
    kind === 'heads'
      ? ['tag named like the branch', `refs/tags/${name}`]
      : ['branch named like the tag', `refs/heads/${name}`],
    ['tag named like the default branch', `refs/tags/${main}`],
    ['tag of a release', 'refs/tags/v1.2.3'],
    ['other tag', 'refs/tags/nightly'],
    ['tag with a prefix', 'refs/tags/evil-v1.2.3'],
    ['tag in capitals', 'refs/tags/V1.2.3'],
    ['tag of digits', 'refs/tags/1.2.3'],
  ];
  return candidates.filter(([, other]) => other !== ref && other !== `refs/heads/${main}` && !admits(other));
}
