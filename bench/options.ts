import { parseArgs } from 'node:util';

export interface BenchmarkOptions {
  /** Small sizes, once each, without warm-up. */
  readonly smoke: boolean;
  readonly json: boolean;
  /** Write `docs/benchmarks.md`. */
  readonly write: boolean;
  /** @default - more for small platforms than for large ones */
  readonly repetitions?: number;
}

export const USAGE = `Prints how long regeneration, synthesis and proofs take, as ratios against floors measured in the same run,
and what it costs to start the pipeline command.
It asserts nothing: the exit code is 0 unless a measured process breaks.

Usage: npm run bench -- [options]

  --smoke            small platforms only, once each: shows that the benchmark works, not how fast things are
  --repetitions <n>  repeat each measurement n times
                     (default: 7 for small platforms, 5 for 100 workloads, 3 for 300)
  --json             print the result as JSON
  --write            write docs/benchmarks.md too
  --help             print this text

Example: npm run bench -- --repetitions 3 --json > benchmark.json
`;

/** @throws Error with what to change, for unknown or contradictory options */
export function parseOptions(args: readonly string[]): BenchmarkOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      smoke: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      repetitions: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.smoke && values.write) throw new Error('--write keeps a full run: leave out --smoke');
  const { smoke, json, write } = values;
  if (values.repetitions === undefined) return { smoke, json, write };
  const repetitions = Number(values.repetitions);
  if (!Number.isInteger(repetitions) || repetitions < 1) {
    throw new Error(`--repetitions got "${values.repetitions}"; allowed: a whole number from 1`);
  }
  return { smoke, json, write, repetitions };
}
