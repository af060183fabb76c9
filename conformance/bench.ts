import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './command';
import type { Parts } from './install';
import type { Bench, Judge } from './judge';
import type { Subjects } from './subjects';

export type Status = 'passed' | 'failed' | 'skipped';

/** What came of one judge. */
export interface Verdict {
  readonly judge: string;
  readonly status: Status;
  /** False when the judge could not be had; `--strict` does not accept that. */
  readonly installed: boolean;
  /** How many files or folders it read. */
  readonly read: number;
  readonly findings: readonly string[];
  /** Why it was skipped, or why it broke. */
  readonly reason?: string;
}

/** Puts the subjects before one judge. A judge that breaks has failed; one that is not there is skipped. */
export async function hear(judge: Judge, subjects: Subjects, parts: Parts): Promise<Verdict> {
  const files = judge.reads(subjects);
  const part = parts(judge.part);
  const verdict = (status: Status, rest: Partial<Verdict> = {}): Verdict => ({
    judge: judge.name,
    status,
    installed: part.directory !== undefined,
    read: files.length,
    findings: [],
    ...rest,
  });
  const blocked = judge.blocked?.(subjects);
  if (blocked !== undefined) return verdict('failed', { reason: blocked });
  if (part.directory === undefined) return verdict('skipped', { reason: `not installed: ${part.reason}` });
  if (files.length === 0) return verdict('skipped', { reason: 'nothing here for it to read' });
  try {
    const findings = await judge.judge(files, makeBench(subjects.root, join(part.directory, 'bin'), parts));
    return verdict(findings.length === 0 ? 'passed' : 'failed', { findings });
  } catch (error) {
    return verdict('failed', { reason: error instanceof Error ? error.message : String(error) });
  }
}

function makeBench(root: string, bin: string, parts: Parts): Bench {
  const home = join(root, '.conformance', 'home');
  // act asks for a default image at its first start unless it finds a file of settings.
  mkdirSync(join(home, '.config', 'act'), { recursive: true });
  writeFileSync(join(home, '.config', 'act', 'actrc'), '');
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  };
  const { directory: python } = parts('python');
  return {
    root,
    bin,
    pythonBin: python === undefined ? undefined : join(python, 'bin'),
    home,
    run: (program, args, options = {}) =>
      runCommand(join(bin, program), args, {
        cwd: options.cwd ?? root,
        env: { ...env, ...options.env },
        inherits: options.inherits ?? true,
      }),
  };
}
