import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { renderDocument } from './document';
import { type BenchmarkOptions, parseOptions, USAGE } from './options';
import { measureGenerated, measureSample } from './platform-benchmark';
import { progressLine } from './progress';
import { measureProofs } from './proof-benchmark';
import { proofGrowth } from './proof-results';
import { renderReport } from './report';
import { type BenchmarkResult, growthSteps, type PlatformResult } from './results';
import type { RepetitionOptions } from './series';
import { measureStart } from './start-benchmark';

const SIZES = [1, 10, 100, 300];
const SMOKE_SIZES = [1, 10];

/** Large platforms take long, and their measurements scatter less. */
const repetitionsOf = (workloads: number): number => (workloads <= 10 ? 7 : workloads <= 100 ? 5 : 3);

async function benchmark(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const progress = progressLine(process.stderr);
  const settings = (workloads: number): RepetitionOptions => ({
    repetitions: options.repetitions ?? (options.smoke ? 1 : repetitionsOf(workloads)),
    warmUp: !options.smoke,
    onProgress: progress.show,
  });
  try {
    const sample = await measureSample(settings(1));
    const proofs = [await measureProofs(undefined, settings(1))];
    const generated: PlatformResult[] = [];
    for (const workloads of options.smoke ? SMOKE_SIZES : SIZES) {
      generated.push(await measureGenerated(workloads, settings(workloads)));
      proofs.push(await measureProofs(workloads, settings(workloads)));
    }
    const [major = process.versions.node] = process.versions.node.split('.');
    return {
      machine: { cores: availableParallelism(), node: major },
      warmUp: !options.smoke,
      platforms: [sample, ...generated],
      growth: growthSteps(generated),
      proofs,
      proofGrowth: proofGrowth(proofs),
      start: await measureStart(settings(1)),
    };
  } finally {
    progress.clear();
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  // Measured processes get the signal too; what is left is to remove the copies.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  const result = await benchmark(options);
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : renderReport(result));
  if (options.write) writeFileSync(join(__dirname, '..', 'docs', 'benchmarks.md'), renderDocument(result));
}

function readOptions(): BenchmarkOptions | 'help' {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
