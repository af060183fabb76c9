import { LockstepError } from '../../contract';
import type { ResolvedWorkload } from '../plan/lookup';
import type { RunStep } from '../plan/model';
import { runStep } from '../steps/run';
import { shellWord } from '../steps/shell';

/** Characters that GitHub's filter, the shell and IAM's StringLike read alike. */
const PATTERN = /^[A-Za-z0-9._/*-]+$/;

/**
 * Fails on a ref that may not publish, before anything is signed in. The role refuses such a ref anyway;
 * this says why, and unlike a job that is skipped it is not green.
 *
 * @param releaseTags patterns of tags that may, beside the default branch
 * @throws LockstepError `UnsupportedTagPattern`
 */
export function releaseRefCheck(
  { manifest, workload }: ResolvedWorkload,
  releaseTags: readonly string[] = workload.releaseTags,
): RunStep {
  const branch = manifest.repository.defaultBranch;
  const tags = releaseTags.map((pattern) => checked(pattern, workload.id));
  const refs = [shellWord(`refs/heads/${branch}`), ...tags.map((pattern) => `refs/tags/${pattern}`)];
  const wanted = [`the branch ${branch}`, ...tags.map((pattern) => `a tag ${pattern}`)].join(' or ');
  return runStep({
    name: 'Refuse a ref that may not be released',
    run: [
      'case "$GITHUB_REF" in',
      `  ${refs.join(' | ')}) ;;`,
      '  *)',
      `    echo "::error title=Not a ref to release::$GITHUB_REF is refused; run this workflow on ${wanted}"`,
      '    exit 1',
      '    ;;',
      'esac',
    ],
  });
}

function checked(pattern: string, workload: string): string {
  if (PATTERN.test(pattern)) return pattern;
  throw new LockstepError('UnsupportedTagPattern', {
    place: `workload ${workload}, releaseTags`,
    value: JSON.stringify(pattern),
    allowed: 'letters, digits and . _ / - *',
    change: 'write the pattern without other characters, such as v*',
  });
}
