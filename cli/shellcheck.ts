import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import type { Workflow } from '../proofs';

export interface ShellFinding {
  readonly line: number;
  /** Such as `SC2086`. */
  readonly code: string;
  readonly message: string;
}

const commentsSchema = z.object({
  comments: z.array(z.object({ line: z.number(), code: z.number(), message: z.string() })),
});

/** True when shellcheck is installed. */
export function hasShellcheck(): boolean {
  return spawnSync('shellcheck', ['--version']).status === 0;
}

/** What shellcheck finds in the scripts of a workflow, at the line of the step that holds them. */
export function shellcheck({ jobs }: Workflow): readonly ShellFinding[] {
  return jobs.flatMap(({ steps }) =>
    steps.flatMap(({ run, line, name }) => {
      if (run === undefined) return [];
      // Expressions are no shell; GitHub puts a value in their place.
      const script = run.replaceAll(/\$\{\{[^}]*\}\}/g, 'expression');
      const { stdout } = spawnSync('shellcheck', ['--shell=bash', '--format=json1', '-'], {
        input: script,
        encoding: 'utf8',
      });
      const parsed = commentsSchema.safeParse(stdout === '' ? { comments: [] } : JSON.parse(stdout));
      return (parsed.data?.comments ?? []).map((comment) => ({
        line,
        code: `SC${comment.code}`,
        message: `${name ?? 'step'}, line ${comment.line} of its script: ${comment.message}`,
      }));
    }),
  );
}
