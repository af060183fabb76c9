import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refFilter } from '../../proofs/claims/ref-filter';

/**
 * Hash over the files of the workspace that the patterns name, in the order of their paths; empty when there are
 * none. The value is not that of GitHub where two files differ in order there.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#hashfiles
 */
export function hashFiles(workspace: string, patterns: readonly string[]): string {
  // In a path, `**/` also stands for no folder at all, which in a ref it does not.
  const { admits } = refFilter(patterns.flatMap((pattern) => [pattern, pattern.replaceAll('**/', '')]));
  const files = readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(workspace.length + 1))
    .filter(admits)
    .sort();
  if (files.length === 0) return '';
  const total = createHash('sha256');
  for (const file of files)
    total.update(
      createHash('sha256')
        .update(readFileSync(join(workspace, file)))
        .digest(),
    );
  return total.digest('hex');
}
