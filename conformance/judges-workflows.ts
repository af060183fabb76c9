import { join } from 'node:path';
import { z } from 'zod';
import { lastWords } from './command';
import { type Judge, readReport } from './judge';

const actionlintReport = z.array(
  z.object({ filepath: z.string(), line: z.number(), kind: z.string(), message: z.string() }),
);

const zizmorReport = z.array(
  z.object({
    ident: z.string(),
    desc: z.string(),
    locations: z.array(
      z.object({
        symbolic: z.object({ kind: z.string(), key: z.unknown() }),
        concrete: z.object({ location: z.object({ start_point: z.object({ row: z.number() }) }) }),
      }),
    ),
  }),
);

/** @see https://github.com/rhysd/actionlint/blob/main/docs/usage.md */
const actionlint: Judge = {
  name: 'actionlint',
  part: 'actionlint',
  reads: (subjects) => subjects.workflows,
  judge: async (files, bench) => {
    // Without shellcheck actionlint would leave the `run:` scripts unread and still say "clean".
    if (bench.pythonBin === undefined)
      throw new Error('shellcheck is missing, so `run:` scripts cannot be judged');
    const args = [
      '-format',
      '{{json .}}',
      '-shellcheck',
      join(bench.pythonBin, 'shellcheck'),
      '-pyflakes=',
      ...files,
    ];
    const outcome = await bench.run('actionlint', args);
    return actionlintReport
      .parse(readReport(outcome, (code) => code === 0 || code === 1))
      .map((finding) => `${finding.filepath}:${finding.line} [${finding.kind}] ${finding.message}`);
  },
};

/** Exit codes 11 to 14 name the highest severity found. @see https://docs.zizmor.sh/usage/#exit-codes */
const zizmor: Judge = {
  name: 'zizmor (pedantic)',
  part: 'python',
  reads: (subjects) => subjects.workflows,
  judge: async (files, bench) => {
    const args = ['--offline', '--persona=pedantic', '--format=json', '--no-progress', ...files];
    const outcome = await bench.run('zizmor', args);
    return zizmorReport
      .parse(readReport(outcome, (code) => code === 0 || (code >= 10 && code <= 14)))
      .map((finding) => {
        const [first] = finding.locations;
        const place = finding.locations.find((location) => location.symbolic.kind === 'Primary') ?? first;
        const line = place === undefined ? '?' : place.concrete.location.start_point.row + 1;
        return `${fileOf(place?.symbolic.key)}:${line} [${finding.ident}] ${finding.desc}`;
      });
  },
};

/** A second parser, written by other people than actionlint's. @see https://nektosact.com/usage/schema.html */
const act: Judge = {
  name: 'act (parse)',
  part: 'act',
  reads: (subjects) => subjects.workflows,
  judge: async (files, bench) => {
    const findings: string[] = [];
    for (const file of files) {
      // --validate checks the schema; only --list builds the graph of jobs.
      for (const mode of [['--validate', '--strict'], ['--list']]) {
        const outcome = await bench.run('act', [...mode, '--workflows', file]);
        if (outcome.code === undefined) throw new Error(lastWords(outcome));
        if (outcome.code !== 0) findings.push(`${file} ${errorLines(outcome.stderr)}`);
      }
    }
    return findings;
  },
};

export const WORKFLOW_JUDGES: readonly Judge[] = [actionlint, zizmor, act];

/** act mixes log lines (`time=… level=…`) with the error that it ends on. */
function errorLines(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('time='));
  return lines.slice(0, 3).join(' | ') || lastWords({ code: 1, stdout: '', stderr });
}

/** zizmor names a file as `{ Local: { given_path } }`. */
function fileOf(key: unknown): string {
  const local = z.object({ Local: z.object({ given_path: z.string() }) }).safeParse(key);
  return local.success ? local.data.Local.given_path : 'a workflow';
}
