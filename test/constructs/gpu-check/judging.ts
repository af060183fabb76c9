import fc from 'fast-check';
import { baseImagesOf, FIGURES_PREFIX, readCellResult } from '../../../constructs/gpu-check/runtime';
import { saidIn } from '../../../constructs/gpu-check/runtime/figures';
import { verdictOf } from '../../../constructs/gpu-check/runtime/verdict';
import { parseGpuCheckSpec } from '../../../constructs/gpu-check/spec';
import type { StoppedTask } from '../../../constructs/ecs-task';
import { FIGURES, HOST_DRIVER, SPEC, TESTED } from './world';

const stopped = (
  more: Partial<StoppedTask> & { readonly why?: string; readonly exitCode?: number } = {},
): StoppedTask => ({
  id: 'abc',
  stopCode: more.stopCode ?? 'EssentialContainerExited',
  reason: more.reason ?? '',
  containers: [
    {
      name: 'gpu-check',
      ...(more.exitCode === undefined ? {} : { exitCode: more.exitCode }),
      ...(more.why === undefined ? {} : { reason: more.why }),
    },
  ],
  lines: more.lines ?? [],
});

const NOTHING = { kind: 'nothing' } as const;

export function describeJudging(): void {
  describe('judging a task that ended', () => {
    const refused = (why: string) => ({
      stopCode: 'TaskFailedToStart',
      why: `CannotStartContainerError: nvidia-container-cli: ${why}`,
    });
    test.each([
      [
        'the driver does not meet the image',
        'driverTooOld',
        refused('requirement error: unsatisfied condition: cuda>=12.6'),
      ],
      ['the runtime finds no driver', 'noDriver', refused('initialization error: driver not loaded')],
      ['ECS had no GPU', 'noCapacity', { stopCode: 'TaskFailedToStart', reason: 'RESOURCE:GPU' }],
      [
        'the image is missing',
        'taskStopped',
        { stopCode: 'TaskFailedToStart', why: 'CannotPullContainerError: not found' },
      ],
      [
        'it used too much memory',
        'taskStopped',
        { exitCode: 137, why: 'OutOfMemoryError: Container killed' },
      ],
      ['its instance went away', 'taskStopped', { reason: 'Host EC2 (instance i-1) terminated.' }],
    ])('A10 a task fails when %s (%s)', (_, cause, task) => {
      expect(verdictOf(TESTED, stopped(task), NOTHING)).toMatchObject({ verdict: 'failed', cause });
    });

    test('A10 only the driver of the host makes the difference between tested and declared', () => {
      const versions = fc.tuple(fc.integer({ min: 400, max: 700 }), fc.nat(200), fc.nat(99));
      fc.assert(
        fc.property(versions, versions, (host, cell) => {
          const figures = { ...FIGURES, driver: host.join('.') };
          const { verdict } = verdictOf({ ...TESTED, driver: cell.join('.') }, stopped({ exitCode: 0 }), {
            kind: 'figures',
            figures,
          });
          return verdict === (host.join('.') === cell.join('.') ? 'tested' : 'declared');
        }),
      );
    });

    test('A10 a task without exit code 0 never passes, whatever it said', () => {
      const code = fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined });
      fc.assert(
        fc.property(code, (exitCode) => {
          const task = stopped(exitCode === undefined ? {} : { exitCode });
          return verdictOf(TESTED, task, { kind: 'figures', figures: FIGURES }).verdict === 'failed';
        }),
      );
    });
  });

  describe('what a program says', () => {
    test('A10 its last line counts, among whatever else it wrote', () => {
      const noise = fc.array(fc.string().filter((line) => !line.startsWith(FIGURES_PREFIX)));
      fc.assert(
        fc.property(noise, noise, (before, after) => {
          const lines = [
            ...before,
            `${FIGURES_PREFIX}{`,
            `${FIGURES_PREFIX}${JSON.stringify(FIGURES)}`,
            ...after,
          ];
          expect(saidIn(lines)).toEqual({ kind: 'figures', figures: FIGURES });
        }),
      );
    });

    test.each([
      ['is cut off', '{"driver"'],
      ['has no figures', '{}'],
      ['has a negative figure', JSON.stringify({ ...FIGURES, matmul: { ...FIGURES.matmul, teraflops: -1 } })],
      [
        'has markup for a driver',
        JSON.stringify({ ...FIGURES, driver: '580.159.03 ](https://example.com)' }),
      ],
    ])('A10 a line cannot be read that %s', (_, text) => {
      expect(saidIn([`${FIGURES_PREFIX}${text}`])).toEqual({ kind: 'unreadable' });
    });

    test('A10 a line of a stranger is none of its own', () => {
      expect(saidIn([`INFO ${FIGURES_PREFIX}{}`])).toEqual({ kind: 'nothing' });
    });
  });

  test.each([
    [
      'an argument of the build',
      'ARG CUDA\nFROM nvidia/cuda:${CUDA}-base\nARG PYTORCH',
      ['nvidia/cuda:12.1.1-base'],
    ],
    [
      'an argument with a value of its own',
      'ARG BASE=debian:12\nFROM --platform=linux/amd64 $BASE',
      ['debian:12'],
    ],
    ['an argument that is nowhere given', 'ARG TAG\nFROM python:${TAG:-3.12}', ['python:3.12']],
    ['an argument that stands behind FROM', 'FROM nvidia/cuda:${CUDA}-base\nARG CUDA', ['nvidia/cuda:-base']],
    ['stages', 'FROM debian:12 AS build\nFROM build AS test\nFROM alpine:3', ['debian:12', 'alpine:3']],
    ['nothing', 'FROM scratch', []],
  ])('A11 the base images of a Dockerfile are found: %s', (_, dockerfile, images) => {
    expect(baseImagesOf(dockerfile, { CUDA: '12.1.1' })).toEqual(images);
  });

  test('A10 refuses a spec and a result of another form, and says where', () => {
    const { cluster, ...rest } = SPEC;
    expect(() => parseGpuCheckSpec(rest, cluster)).toThrow(/InvalidSpec.*spec\.cluster/);
    expect(() => readCellResult('{', 'a/gpu-check.json')).toThrow(/a\/gpu-check\.json/);
    expect(() => readCellResult(JSON.stringify({ revision: 1, driver: HOST_DRIVER }), 'b')).toThrow(
      /workload/,
    );
  });
}
