import type { Project } from 'projen';
import { Component } from 'projen/lib/component';
import { ERRORS } from '../contract';
import { GeneratedText } from './text-file';

/** `docs/errors.md`: every code, what it means, and what to do. */
export class ErrorReference extends Component {
  constructor(project: Project) {
    super(project);
    new GeneratedText(project, 'docs/errors.md', errorReference());
  }
}

export function errorReference(): string {
  const rows = Object.entries(ERRORS)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([code, { exit, meaning, remedy }]) =>
        `## ${code}\n\n${meaning}\n\n- What to do: ${remedy}\n- Exit code: ${exit}\n`,
    );
  return [
    '# Errors',
    '',
    'Written by `npx projen` from `contract/error-codes.ts`.',
    '',
    'A message reads `Code: place: got value; allowed: what; change: how`. Codes are stable, texts are not.',
    'Exit codes: 1 for a failure or findings, 2 for wrong usage or configuration, 130 and 143 after SIGINT and SIGTERM.',
    '',
    ...rows,
  ].join('\n');
}
