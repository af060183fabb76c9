import { join } from 'node:path';
import { z } from 'zod';
import { lastWords } from './command';
import { type Judge, readReport } from './judge';

const lintReport = z.array(
  z.object({
    file: z.string(),
    line: z.number(),
    code: z.union([z.string(), z.number()]),
    message: z.string(),
  }),
);

const ruffReport = z.array(
  z.object({
    filename: z.string(),
    location: z.object({ row: z.number() }),
    code: z.string().nullable(),
    message: z.string(),
  }),
);

const zeroOrOne = (code: number): boolean => code === 0 || code === 1;

/** @see https://www.shellcheck.net/wiki/ */
const shellcheck: Judge = {
  name: 'shellcheck',
  part: 'python',
  reads: (subjects) => subjects.scripts,
  judge: async (files, bench) =>
    lintReport
      .parse(readReport(await bench.run('shellcheck', ['--format=json', ...files]), zeroOrOne))
      .map((finding) => `${finding.file}:${finding.line} [SC${finding.code}] ${finding.message}`),
};

/** @see https://github.com/hadolint/hadolint#rules */
const hadolint: Judge = {
  name: 'hadolint',
  part: 'python',
  reads: (subjects) => subjects.dockerfiles,
  judge: async (files, bench) =>
    lintReport
      .parse(readReport(await bench.run('hadolint', ['--format', 'json', ...files]), zeroOrOne))
      .map((finding) => `${finding.file}:${finding.line} [${finding.code}] ${finding.message}`),
};

/** @see https://docs.astral.sh/ruff/linter/#exit-codes */
const ruff: Judge = {
  name: 'ruff check',
  part: 'python',
  reads: (subjects) => subjects.pythonProjects,
  judge: async (folders, bench) =>
    ruffReport
      .parse(
        readReport(
          await bench.run('ruff', ['check', '--no-cache', '--output-format=json', ...folders]),
          zeroOrOne,
        ),
      )
      .map(
        (finding) =>
          `${finding.filename}:${finding.location.row} [${finding.code ?? 'syntax'}] ${finding.message}`,
      ),
};

/** A sample service is judged by what it brings along itself; the samples of the self-test by any of them. */
const ofService = (name: string) => (folder: string) =>
  folder === `services/${name}` || !folder.startsWith('services/');

/** @see https://docs.pytest.org/en/stable/reference/exit-codes.html */
const pytest = (service: string): Judge => ({
  name: `pytest ${service}`,
  part: `service:${service}`,
  reads: (subjects) => subjects.pythonProjects.filter(ofService(service)),
  judge: async (folders, bench) => {
    const findings: string[] = [];
    for (const folder of folders) {
      const args = ['-m', 'pytest', '--quiet', '--color=no', '-rfE', '-p', 'no:cacheprovider'];
      const env = { PYTHONDONTWRITEBYTECODE: '1' };
      const outcome = await bench.run('python', args, { cwd: join(bench.root, folder), env });
      // 0 all passed, 1 some failed; 2 to 5 mean that the tests did not really run.
      if (outcome.code === undefined || !zeroOrOne(outcome.code)) throw new Error(lastWords(outcome));
      const failed = outcome.stdout.split('\n').filter((line) => /^(FAILED|ERROR) /.test(line));
      if (outcome.code === 1) findings.push(...(failed.length > 0 ? failed : [lastWords(outcome)]));
    }
    return findings;
  },
});

/** @param services sample services in Python */
export const sourceJudges = (services: readonly string[]): readonly Judge[] => [
  shellcheck,
  hadolint,
  ruff,
  ...services.map(pytest),
];
