import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkOut, type RepositorySnapshot } from './snapshot';

/** Every rehearsal commits at the same moment by the same hand, so that the same files give the same commit. */
const HAND = {
  GIT_AUTHOR_NAME: 'Rehearsal',
  GIT_AUTHOR_EMAIL: 'rehearsal@example.invalid',
  GIT_AUTHOR_DATE: '2026-11-20T12:00:00Z',
  GIT_COMMITTER_NAME: 'Rehearsal',
  GIT_COMMITTER_EMAIL: 'rehearsal@example.invalid',
  GIT_COMMITTER_DATE: '2026-11-20T12:00:00Z',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
} as const;

/**
 * A Git repository with one commit of the snapshot. It is made once, when the first job needs it, and copied into
 * each workspace after that. Its commit is not that of the run: a commit cannot be made to measure.
 */
export class GitHistory {
  private readonly master: string;

  /**
   * @param folder exists and belongs to this rehearsal
   * @param path value of PATH to find `git` in
   */
  constructor(
    private readonly snapshot: RepositorySnapshot,
    private readonly folder: string,
    private readonly path: string,
  ) {
    this.master = join(folder, 'git-history');
  }

  /** Makes the workspace a Git repository, with an index that matches the snapshot. */
  layInto(workspace: string): void {
    if (!existsSync(this.master)) this.make();
    cpSync(join(this.master, '.git'), join(workspace, '.git'), { recursive: true });
  }

  private make(): void {
    mkdirSync(this.master, { recursive: true });
    checkOut(this.snapshot, this.master);
    this.git('init', '--quiet', '--initial-branch=main', '--template=');
    this.git('add', '--all', '--force');
    this.git('commit', '--quiet', '--no-verify', '--message=Snapshot');
    // One file of objects instead of hundreds: it is copied for every job.
    this.git('repack', '-a', '-d', '--quiet', '--window=0');
  }

  private git(...words: readonly string[]): void {
    const environment = { ...HAND, PATH: this.path, HOME: this.folder };
    // Compressing what is thrown away soon takes longer than copying it.
    execFileSync('git', ['-c', 'core.compression=0', '-c', 'core.fsync=none', ...words], {
      cwd: this.master,
      env: environment,
      stdio: 'pipe',
    });
  }
}
