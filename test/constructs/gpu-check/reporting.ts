import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodeManifest, MANIFEST_PATH } from '../../../contract';
import type { CellOutcome, CellResult, GpuCheckCell } from '../../../constructs/gpu-check/runtime';
import { readEnvironment } from '../../../runtime/environment';
import { filesBelow, writeWithFolders } from '../../../runtime/files';
import { reportedCells } from '../../../runtime/gpu-check/cells';
import { compatibilityReport } from '../../../runtime/gpu-check/compatibility-report';
import { chart } from '../../../runtime/gpu-check/render/chart';
import { reportParts } from '../../../runtime/gpu-check/render/report-parts';
import { runCheck } from '../../../runtime/gpu-check/run';
import { openSession } from '../../../runtime/session';
import { runCommand, type RunOptions } from '../../runtime/harness';
import { gpuChecked } from '../../workflows/gpu-checked';
import {
  DECLARED,
  ENTRY,
  FIGURES,
  IMAGE_URI,
  says,
  SPEC,
  type StartWorld,
  TESTED,
  type World,
} from './world';

const { matrix } = ENTRY;
const MANIFEST = encodeManifest(gpuChecked(ENTRY));
const DOCKERFILE = { [ENTRY.image.dockerfile]: 'ARG CUDA\nFROM nvidia/cuda:${CUDA}-base-ubuntu22.04\n' };
const NOW = Date.UTC(2026, 10, 23, 4, 30);

const FAILED: CellOutcome = {
  verdict: 'failed',
  cause: 'noDriver',
  message: 'no NVIDIA driver answers inside the container',
  remedy: 'check the instance',
  evidence: ['EssentialContainerExited: x', '[a link](https://example.com) | `code`'],
};

const resultOf = (
  cell: GpuCheckCell,
  outcome: CellOutcome,
  endedAt = '2026-11-23T04:20:00.000Z',
): CellResult => ({
  revision: 1,
  workload: 'kvs-infer',
  cell,
  instanceType: 'g4dn.xlarge',
  image: IMAGE_URI,
  baseImages: ['nvidia/cuda:12.1.1-base-ubuntu22.04'],
  startedAt: '2026-11-23T04:10:00.000Z',
  endedAt,
  task: { id: 'abc', definition: 'kvs-infer-gpu-check:2', instanceType: 'g4dn.xlarge', waited: 190, ran: 61 },
  outcome,
  leftBehind: [],
});

const OUTCOMES: readonly CellOutcome[] = [
  { verdict: 'tested', figures: FIGURES },
  { verdict: 'declared', figures: FIGURES },
  FAILED,
];

const anyCell: fc.Arbitrary<GpuCheckCell> = fc.record({
  cuda: fc.constantFrom(...matrix.cuda, '11.8.0'),
  driver: fc.constantFrom(...matrix.driver),
  pytorch: fc.constantFrom(...matrix.pytorch),
});
const anyResults: fc.Arbitrary<readonly CellResult[]> = fc.array(
  fc.tuple(anyCell, fc.constantFrom(...OUTCOMES)).map(([cell, outcome]) => resultOf(cell, outcome)),
);

const reportOf = (results: readonly CellResult[]) =>
  compatibilityReport({ entry: ENTRY, results, unread: [], now: NOW, commit: 'abc123' });
const markdownOf = (results: readonly CellResult[]) =>
  reportParts(reportOf(results))
    .map((part) => part.join('\n'))
    .join('\n\n');

const RUN = ['gpu-check', 'run', 'kvs-infer', '--image', IMAGE_URI];
const argsOf = ({ cuda, driver, pytorch }: GpuCheckCell) => [
  ...RUN,
  '--cuda',
  cuda,
  '--driver',
  driver,
  '--pytorch',
  pytorch,
];
const REPORT = ['gpu-check', 'report', 'kvs-infer', '--results', '/tmp/results/', '--output', 'out'];

const inManifest = (world: World, argv: readonly string[], options: RunOptions = {}) =>
  runCommand(world, argv, { manifest: MANIFEST, ...options, files: { ...DOCKERFILE, ...options.files } });

/** A run of a command without its sources at hand. */
function sessionOf({ clock, connection }: World, told: (text: string) => void = () => undefined) {
  const written = new Map<string, string>();
  const stop = new AbortController();
  const refuse = (path: string) => Promise.reject(new Error(`no ${path}`));
  const silent = { write: () => true };
  const session = openSession(
    {
      environment: readEnvironment({}),
      clock,
      stdout: silent,
      stderr: silent,
      signal: stop.signal,
      readFile: (path) => (path === MANIFEST_PATH ? Promise.resolve(MANIFEST) : refuse(path)),
      readBytes: refuse,
      appendFile: refuse,
      writeFile: (path, text) => {
        written.set(path, text);
        told(text);
        return Promise.resolve();
      },
      listFiles: refuse,
      connection,
    },
    { phase: () => undefined, event: () => undefined, report: () => undefined, failure: () => undefined },
  );
  return { session, written, interrupt: () => stop.abort('SIGTERM') };
}

export function describeReporting(start: StartWorld): void {
  describe('the report', () => {
    test('A11 has every combination of the matrix exactly once, whatever the results', () => {
      fc.assert(
        fc.property(anyResults, (results) => {
          const cells = reportedCells(matrix, results).map(
            ({ cuda, driver, pytorch }) => `${cuda} ${driver} ${pytorch}`,
          );
          expect(new Set(cells).size).toBe(cells.length);
          expect(cells).toHaveLength(matrix.cuda.length * matrix.driver.length * matrix.pytorch.length);
        }),
      );
    });

    test('A11 says of a combination what its newest result says', () => {
      fc.assert(
        fc.property(
          anyCell,
          fc.constantFrom(...OUTCOMES),
          fc.constantFrom(...OUTCOMES),
          (cell, older, newer) => {
            const results = [
              resultOf(cell, newer, '2026-11-23T05:00:00.000Z'),
              resultOf(cell, older, '2026-11-23T04:00:00.000Z'),
            ];
            const found = reportOf(results).cells.find(
              (each) =>
                each.cuda === cell.cuda && each.driver === cell.driver && each.pytorch === cell.pytorch,
            );
            expect(found?.status).toBe(cell.cuda === '11.8.0' ? undefined : newer.verdict);
          },
        ),
      );
    });

    test('A11 counts every combination under one status, and names results of no combination', () => {
      fc.assert(
        fc.property(anyResults, (results) => {
          const { counts, cells, strangers } = reportOf(results);
          expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(cells.length);
          expect(strangers).toHaveLength(results.filter(({ cell }) => cell.cuda === '11.8.0').length);
        }),
      );
    });

    test('A11 without results every combination is excluded or has none', () => {
      const { counts, cells } = reportOf([]);
      expect(counts).toEqual({ tested: 0, declared: 0, failed: 0, noResult: 9, excluded: 9 });
      expect(cells.find(({ cuda }) => cuda === '12.2.0')).toMatchObject({
        status: 'excluded',
        because: 'PyTorch has no build for CUDA 12.2',
      });
      expect(markdownOf([])).toContain('No combination has measured anything.');
    });

    test('A11 has prices, tables, images, settings, detection, figures, exclusions and known problems', () => {
      const markdown = markdownOf([
        resultOf(TESTED, { verdict: 'tested', figures: FIGURES }),
        resultOf(DECLARED, FAILED),
      ]);
      for (const heading of [
        'Combinations',
        'What failed',
        'Without result',
        'Measured figures',
        'Instance types and prices',
        'CUDA and drivers',
        'PyTorch builds',
        'Base images',
        'ECS settings',
        'How a GPU is found',
        'Excluded combinations',
        'Known problems',
      ])
        expect(markdown).toContain(`## ${heading}\n`);
      expect(markdown).toContain('| g4dn.xlarge | 1 | 0.526 | yes |');
      expect(markdown).toContain(
        '| 12.6.3 | 560.35.05 | 525.60.13 or newer | 5.0 or newer | minor version | all features |',
      );
      expect(markdown).toContain('| 2.4.0 | 11.8, 12.1, 12.4 (experimental) | unknown |');
      expect(markdown).toContain('| Amazon Linux 2023 GPU | 580.159.03 | 2029-06-30 | yes |');
      expect(markdown).toContain('nvidia/cuda:12.1.1-base-ubuntu22.04');
      expect(markdown).toContain('| 12.1.1 |  | 2.9.0 | PyTorch 2.9.0 has no build for CUDA 12.1 |');
      expect(markdown).not.toContain('end of life on');
      expect(markdown).toContain('**failed**: noDriver');
      expect(markdown.match(/```mermaid/g)).toHaveLength(2);
      expect(markdown).toContain('bar [121.5]');
    });

    test('A11 names the end of life of the host image that is used, and of driver branches, once it is past', () => {
      const old = { ...ENTRY, spec: { ...SPEC, hostImage: 'Amazon Linux 2 GPU' } };
      const problemsAt = (entry: typeof ENTRY, day: string) =>
        compatibilityReport({ entry, results: [], unread: [], now: Date.parse(day), commit: 'abc123' })
          .knownProblems.map(({ text }) => text)
          .filter((text) => text.includes('end of life'));
      const branch = 'driver branch R580 has its end of life in 2028-06';
      const host =
        'The ECS image Amazon Linux 2 GPU (driver 550.163.01) reached its end of life on 2026-06-30';
      expect(problemsAt(old, '2026-11-23')).toEqual(expect.arrayContaining([branch, host]));
      expect(problemsAt(old, '2026-06-30')).not.toContain(host);
      expect(problemsAt(ENTRY, '2026-11-23')).not.toContain(host);
      expect(problemsAt(ENTRY, '2028-07-01')).toContain(branch.replace('has', 'reached'));
    });

    test('A11 names what runs could not clean up', () => {
      const command = 'aws ecs stop-task --cluster kvs-infer-gpu-check --task abc';
      const result = { ...resultOf(TESTED, FAILED), leftBehind: [command] };
      expect(markdownOf([result])).toContain(`## Left behind\n\nClean up with\n\n\`\`\`text\n${command}\n`);
    });

    test('A11 draws no link and no table of what a program has written', () => {
      const evil = 'a | b <img src=x> [c](https://example.com)';
      const figures = { ...FIGURES, gpu: evil };
      const markdown = markdownOf([
        resultOf(TESTED, { verdict: 'tested', figures }),
        resultOf(DECLARED, {
          ...FAILED,
          message: evil,
          remedy: evil,
          evidence: ['```', evil],
        } as CellOutcome),
      ]);
      const outside = markdown.replaceAll(/(`{3,})text\n[\s\S]*?\n\1/g, '');
      expect(outside).not.toContain('](https://example.com)');
      expect(outside).not.toContain('<img');
      expect(outside).toContain('a \\| b');
    });

    test('A11 a chart has a value for each label and ends above the highest', () => {
      const values = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), {
        minLength: 1,
        maxLength: 30,
      });
      fc.assert(
        fc.property(values, (bars) => {
          const labels = bars.map((_, index) => `12.1.1 / ${index} "]`);
          const lines = chart({
            title: 'Frames',
            labels,
            axis: 'a second',
            series: [{ shape: 'bar', values: bars }],
          });
          const [axis = ''] = lines.filter((line) => line.includes('y-axis'));
          expect(Number(axis.split('-->')[1])).toBeGreaterThanOrEqual(Math.max(...bars));
          const [names = ''] = lines.filter((line) => line.includes('x-axis'));
          expect(names.match(/"/g)).toHaveLength(2 * bars.length);
        }),
      );
    });
  });

  describe('gpu-check run', () => {
    test('A10 writes the result of a combination that passes, and ends with 0', async () => {
      const world = await start();
      const { code, files, stdout } = await inManifest(world, [...argsOf(TESTED), '--json']);
      expect(code).toBe(0);
      const result = JSON.parse(files.get('gpu-check.json') ?? '') as CellResult;
      expect(result).toMatchObject({
        workload: 'kvs-infer',
        cell: TESTED,
        instanceType: 'g4dn.xlarge',
        baseImages: ['nvidia/cuda:12.1.1-base-ubuntu22.04'],
        outcome: { verdict: 'tested' },
      });
      expect(JSON.parse(stdout)).toMatchObject({ command: 'gpu-check run', passed: true, result });
    });

    test('A10 says which driver it really ran with', async () => {
      const world = await start();
      const { summary } = await inManifest(world, argsOf(DECLARED));
      expect(summary).toContain(
        'declared: it ran with driver 580.159.03, and the tables stand for 525.85.12',
      );
    });

    test('A10 writes the result of a combination that fails, says why, and ends with 1', async () => {
      const world = await start();
      world.program = says({ error: 'noDriver', message: 'nvidia-smi: no such file' }, 3);
      const { code, files, summary } = await inManifest(world, [...argsOf(TESTED), '--output', 'a/b.json']);
      expect(code).toBe(1);
      expect(JSON.parse(files.get('a/b.json') ?? '')).toMatchObject({ outcome: { cause: 'noDriver' } });
      expect(summary).toContain('GpuCheckFailed');
      expect(summary).toContain('no NVIDIA driver answers inside the container');
    });

    test('A10 writes the result also when it is told to stop, and leaves nothing behind', async () => {
      const world = await start();
      const { session, written, interrupt } = sessionOf(world);
      world.clock.in(60, interrupt);
      await expect(
        runCheck(session, 'kvs-infer', { ...TESTED, image: IMAGE_URI, output: 'gpu-check.json' }),
      ).rejects.toMatchObject({ code: 'Interrupted' });
      session.close();
      expect(JSON.parse(written.get('gpu-check.json') ?? '')).toMatchObject({
        outcome: { cause: 'interrupted' },
        baseImages: [],
      });
      world.clock.pass(60);
      expect(world.left).toEqual({ tasks: 0, definitions: [] });
    });

    test('A10 says at once what it has open when it is told to stop, and at its end what is left', async () => {
      const world = await start();
      const told: CellResult[] = [];
      const { session, interrupt } = sessionOf(world, (text) => told.push(JSON.parse(text) as CellResult));
      world.server.twists.push({ action: /:RunTask$/, before: interrupt });
      world.server.faults.push({ action: /:StopTask$/, kind: 'denied', times: 99 });
      const running = runCheck(session, 'kvs-infer', {
        ...TESTED,
        image: IMAGE_URI,
        output: 'gpu-check.json',
      });
      await expect(running).rejects.toMatchObject({ code: 'Interrupted' });
      session.close();
      const stop: unknown = expect.stringMatching(/^aws ecs stop-task --cluster kvs-infer-gpu-check --task /);
      expect(told.map(({ outcome, leftBehind }) => [outcome, leftBehind])).toEqual([
        [
          expect.objectContaining({ cause: 'interrupted' }),
          [
            'aws ecs deregister-task-definition --task-definition kvs-infer-gpu-check:2',
            'aws ecs list-tasks --cluster kvs-infer-gpu-check --family kvs-infer-gpu-check',
          ],
        ],
        [expect.objectContaining({ cause: 'interrupted' }), [stop]],
      ]);
    });

    test('A10 gives a call that is answered late 7 s, and leaves the commands to clean up when none comes', async () => {
      const world = await start();
      world.server.faults.push({ action: /:StopTask$/, kind: 'hang', times: 99 });
      const began = world.clock.now();
      const { code, files, stderr } = await inManifest(world, argsOf(TESTED), {
        signal: { name: 'SIGINT', after: 12 },
      });
      expect(code).toBe(130);
      expect(world.clock.now() - began).toBe(19_000);
      expect(stderr).not.toContain('takes up the deployment');
      expect(stderr).toContain('clean up with the commands that `leftBehind` of the result file names');
      expect(files.get('gpu-check.json')).toContain(
        'aws ecs stop-task --cluster kvs-infer-gpu-check --task ',
      );
    });

    test.each([
      ['a version that is not of the matrix', ['--cuda', '11.8.0'], 'InvalidArgument'],
      ['an instance type that is not of the check', ['--instance-type', 'p5.48xlarge'], 'InvalidArgument'],
      ['an image of another repository', ['--image', 'docker.io/library/busybox:1'], 'ForeignImage'],
    ])('A10 refuses %s before it asks AWS', async (_, changed, error) => {
      const world = await start();
      const { code, stderr } = await inManifest(world, [...argsOf(TESTED), ...changed]);
      expect(code).toBe(2);
      expect(stderr).toContain(error);
      expect(world.calls).toEqual([]);
    });

    test('A10 refuses a workload without a GPU check, and names those with one', async () => {
      const world = await start();
      const { code, stderr } = await inManifest(world, [
        'gpu-check',
        'report',
        'bikeshare',
        '--results',
        'x',
      ]);
      expect(code).toBe(2);
      expect(stderr).toContain('allowed: kvs-infer');
    });
  });

  describe('gpu-check report', () => {
    const file = (result: CellResult) => JSON.stringify(result);

    test('A11 writes Markdown, JSON and the summary of results at any depth', async () => {
      const world = await start();
      const { code, files, summary } = await inManifest(world, REPORT, {
        env: { GITHUB_SHA: 'f'.repeat(40) },
        files: {
          '/tmp/results/gpu-check.json': file(resultOf(TESTED, { verdict: 'tested', figures: FIGURES })),
          '/tmp/results/gpu-check-b/gpu-check.json': file(resultOf(DECLARED, FAILED)),
        },
      });
      expect(code).toBe(0);
      expect(JSON.parse(files.get('out/report.json') ?? '')).toMatchObject({
        counts: { tested: 1, failed: 1 },
        commit: 'f'.repeat(40),
      });
      expect(files.get('out/report.md')).toContain('# GPU compatibility of kvs-infer');
      expect(summary).toContain('# GPU compatibility of kvs-infer');
      expect(world.calls).toEqual([]);
    });

    test('A11 finds results at any depth of a real folder', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'gpu-check-'));
      await writeWithFolders(join(folder, 'b/gpu-check.json'), '{}');
      await writeWithFolders(join(folder, 'a.json'), '{}');
      expect(await filesBelow(folder)).toEqual(['a.json', 'b/gpu-check.json']);
      await expect(filesBelow(join(folder, 'none'))).rejects.toThrow('ENOENT');
    });

    test('A11 tells of a file that is no result, and reports the others', async () => {
      const world = await start();
      const { code, files, summary } = await inManifest(world, REPORT, {
        files: {
          '/tmp/results/a/gpu-check.json': file(resultOf(TESTED, { verdict: 'tested', figures: FIGURES })),
          '/tmp/results/b/gpu-check.json': '{"revision": 1}',
        },
      });
      expect(code).toBe(0);
      expect(JSON.parse(files.get('out/report.json') ?? '')).toMatchObject({
        counts: { tested: 1 },
        unread: [{ path: 'b/gpu-check.json' }],
      });
      expect(summary).toContain('cannot be read');
    });

    test('A11 reports that nothing ran when there is no folder, and leaves results of other workloads out', async () => {
      const world = await start();
      const none = await inManifest(world, REPORT);
      expect(none.code).toBe(0);
      expect(none.files.get('out/report.md')).toContain('No combination has measured anything.');
      const other = { ...resultOf(TESTED, FAILED), workload: 'another' };
      const others = await inManifest(world, REPORT, { files: { '/tmp/results/a.json': file(other) } });
      expect(JSON.parse(others.files.get('out/report.json') ?? '')).toMatchObject({ counts: { failed: 0 } });
    });
  });
}
