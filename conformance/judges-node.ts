import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Outcome, lastWords, runCommand } from './command';
import type { Bench, Judge } from './judge';

/** Scripts of `package.json` that judge, in the order in which workflows run them. */
const SCRIPTS = ['lint', 'test'] as const;

/** What a service makes for itself is made anew. */
const MADE: readonly string[] = ['node_modules', 'build'];

/**
 * The scripts of a sample service, in a copy beside the packages that its lock file names.
 *
 * @see https://docs.npmjs.com/cli/v11/commands/npm-run
 */
const scripts = (service: string): Judge => ({
  name: `npm run ${service}`,
  part: `service:${service}`,
  reads: (subjects) =>
    subjects.nodeProjects.filter(
      (folder) => folder === `services/${service}` || !folder.startsWith('services/'),
    ),
  judge: async (folders, bench) => {
    const findings: string[] = [];
    for (const folder of folders) findings.push(...(await inCopy(folder, bench)));
    return findings;
  },
});

async function inCopy(folder: string, bench: Bench): Promise<readonly string[]> {
  const copy = mkdtempSync(join(bench.home, 'node-'));
  try {
    cpSync(join(bench.root, folder), copy, {
      recursive: true,
      filter: (source) => !MADE.includes(source.split('/').at(-1) ?? ''),
    });
    symlinkSync(join(bench.bin, '..', 'node_modules'), join(copy, 'node_modules'));
    const findings: string[] = [];
    for (const script of SCRIPTS) {
      const outcome = await npmRun(script, copy, bench);
      if (outcome.code === undefined) throw new Error(lastWords(outcome));
      if (outcome.code !== 0) findings.push(`${folder}: npm run ${script}: ${firstFault(outcome)}`);
    }
    return findings;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const npmRun = (script: string, cwd: string, bench: Bench): Promise<Outcome> =>
  runCommand('npm', ['run', '--silent', script], {
    cwd,
    env: { HOME: bench.home, PATH: `${bench.bin}${delimiter}${process.env.PATH ?? ''}` },
  });

/** Of a compiler or a test runner; else what was said last. */
function firstFault(outcome: Outcome): string {
  const lines = `${outcome.stdout}\n${outcome.stderr}`.split('\n');
  return lines.find((line) => /error TS\d+|^not ok|^✖ /.test(line))?.trim() ?? lastWords(outcome);
}

/** @param services sample services on Node.js */
export const nodeJudges = (services: readonly string[]): readonly Judge[] => services.map(scripts);
