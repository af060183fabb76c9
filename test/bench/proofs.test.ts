import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { phaseClock, type PhaseReport, PHASES_VARIABLE } from '../../bench/phase-clock';
import { proofGrowth, type ProofResult } from '../../bench/proof-results';
import { type Summary, summarize } from '../../bench/statistics';

const exactly = (value: number): Summary => summarize([value]);

function result(workloads: number | undefined, prove: readonly number[]): ProofResult {
  const cpu = { synth: exactly(100), render: exactly(10), prove: summarize(prove) };
  const title = String(workloads);
  return {
    title,
    ...(workloads !== undefined && { workloads }),
    repetitions: prove.length,
    cpu,
    wall: cpu,
    ratio: exactly(1),
    checked: 1,
    findings: 0,
  };
}

test('growth is the least CPU time between two generated sizes, and leaves the sample out', () => {
  expect(proofGrowth([result(undefined, [5]), result(1, [90, 40]), result(11, [140, 200])])).toEqual([
    { from: 1, to: 11, perWorkload: { synth: 0, render: 0, prove: 10 } },
  ]);
});

describe('the clock of phases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-phases-'));
  const file = join(folder, 'phases.json');
  const before = process.env[PHASES_VARIABLE];
  beforeAll(() => {
    process.env[PHASES_VARIABLE] = file;
  });
  afterAll(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, PHASES_VARIABLE);
    else process.env[PHASES_VARIABLE] = before;
    rmSync(folder, { recursive: true });
  });

  test('counts the CPU time of child processes, and none for waiting', async () => {
    const clock = phaseClock<'waits' | 'spawns', { readonly children: number }>();
    await clock.during('waits', () => new Promise((resolve) => setTimeout(resolve, 300)));
    const burn = 'const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);';
    await clock.during('spawns', () => spawnSync(process.execPath, ['--eval', burn]));
    clock.write({ children: 1 });
    const { phases, counts } = JSON.parse(readFileSync(file, 'utf8')) as PhaseReport<
      'waits' | 'spawns',
      { readonly children: number }
    >;
    expect(counts).toEqual({ children: 1 });
    expect(phases.waits.wall).toBeGreaterThan(290);
    expect(phases.waits.cpu).toBeLessThan(200);
    if (process.platform === 'linux') expect(phases.spawns.cpu).toBeGreaterThan(290);
  });
});
