import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { type Outcome, lastWords, runCommand } from './command';
import type { Bench, Judge } from './judge';

/** No way out to download a toolchain or a module: the sample services use the standard library alone. */
const OFFLINE = { GOTOOLCHAIN: 'local', GOPROXY: 'off', GOFLAGS: '-mod=readonly' } as const;

const problem = z.object({
  code: z.string(),
  location: z.object({ file: z.string(), line: z.number() }),
  message: z.string(),
});

const testEvent = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
});

/** @see https://staticcheck.dev/docs/running-staticcheck/cli/formatters/ */
const staticcheck: Judge = {
  name: 'staticcheck',
  part: 'staticcheck',
  reads: (subjects) => subjects.goModules,
  judge: (modules, bench) =>
    inEach(modules, bench, async (cwd) => {
      const outcome = await bench.run('staticcheck', ['-f', 'json', './...'], { cwd, env: OFFLINE });
      return linesOf(outcome)
        .map((line) => problem.parse(JSON.parse(line)))
        .map(({ code, location, message }) => `${location.file}:${location.line} [${code}] ${message}`);
    }),
};

/** @see https://pkg.go.dev/cmd/vet */
const vet: Judge = {
  name: 'go vet',
  part: 'staticcheck',
  reads: (subjects) => subjects.goModules,
  judge: (modules, bench) =>
    inEach(modules, bench, async (cwd) => {
      const outcome = await go(['vet', './...'], cwd, bench);
      if (outcome.code === 0) return [];
      const faults = outcome.stderr.split('\n').filter((line) => /\.go:\d+:\d+: /.test(line));
      if (faults.length === 0) throw new Error(lastWords(outcome));
      return faults;
    }),
};

/** @see https://go.dev/doc/articles/race_detector */
const raceTests: Judge = {
  name: 'go test -race',
  part: 'staticcheck',
  reads: (subjects) => subjects.goModules,
  judge: (modules, bench) =>
    inEach(modules, bench, async (cwd) => {
      const outcome = await go(['test', '-race', '-vet=off', '-json', './...'], cwd, bench);
      const events = linesOf(outcome).map((line) => testEvent.parse(JSON.parse(line)));
      if (!events.some(({ Action, Test }) => Action === 'run' && Test !== undefined)) {
        throw new Error(`no test ran in ${cwd}: ${lastWords(outcome)}`);
      }
      const failed = events.filter(({ Action }) => Action === 'fail' || Action === 'build-fail');
      if (failed.length === 0 && outcome.code !== 0) throw new Error(lastWords(outcome));
      return failed.map(({ Package, Test }) => `${Package ?? cwd} ${Test ?? 'as a whole'} failed`);
    }),
};

export const GO_JUDGES: readonly Judge[] = [staticcheck, vet, raceTests];

async function inEach(
  modules: readonly string[],
  bench: Bench,
  judge: (folder: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const module of modules) findings.push(...(await judge(join(bench.root, module))));
  return findings;
}

/** The toolchain that is installed, not one of the judges' folder. */
const go = (args: readonly string[], cwd: string, bench: Bench): Promise<Outcome> =>
  runCommand('go', args, {
    cwd,
    env: {
      ...OFFLINE,
      HOME: bench.home,
      GOCACHE: join(bench.home, 'go-build'),
      PATH: `${bench.bin}${delimiter}${process.env.PATH ?? ''}`,
    },
  });

/** @throws Error when the program broke instead of judging */
function linesOf(outcome: Outcome): readonly string[] {
  if (outcome.code !== 0 && outcome.code !== 1) {
    throw new Error(`exit code ${outcome.code ?? 'none'}: ${lastWords(outcome)}`);
  }
  return outcome.stdout.split('\n').filter((line) => line !== '');
}
