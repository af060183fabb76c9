import { PYTORCH_RELEASE_MATRIX, type Source, UNKNOWN, type Unknown } from './source';

/**
 * How much the PyTorch project stands behind a build. The release matrix knows stable and experimental; which
 * of the stable ones is legacy stands in the thread that `defaultCuda` names.
 */
export type BuildSupport = 'stable' | 'experimental' | 'legacy';

/** A build of PyTorch for Linux x86-64 with one minor line of CUDA. */
export interface PytorchBuild {
  /** Minor line: `12.1`. The wheel brings the runtime of that line along. */
  readonly cuda: string;
  readonly support: BuildSupport;
}

/** A minor line of PyTorch with its builds. Patch releases keep them. */
export interface PytorchRelease {
  /** Minor line: `2.4`. */
  readonly pytorch: string;
  readonly builds: readonly PytorchBuild[];
  /** CUDA of the wheel that `pip install torch` takes from PyPI. */
  readonly defaultCuda: { readonly cuda: string; readonly source: Source } | Unknown;
  readonly source: Source;
}

const stable = (cuda: string): PytorchBuild => ({ cuda, support: 'stable' });
const experimental = (cuda: string): PytorchBuild => ({ cuda, support: 'experimental' });
const legacy = (cuda: string): PytorchBuild => ({ cuda, support: 'legacy' });

const release = (
  pytorch: string,
  builds: readonly PytorchBuild[],
  defaultCuda: PytorchRelease['defaultCuda'] = UNKNOWN,
): PytorchRelease => ({ pytorch, builds, defaultCuda, source: PYTORCH_RELEASE_MATRIX });

/** The CUDA line of the wheel on PyPI, and where the project said so. */
const onPypi = (cuda: string, thread: string): PytorchRelease['defaultCuda'] => ({
  cuda,
  source: { url: `https://github.com/pytorch/${thread}`, read: '2026-11-21' },
});

/** Oldest first. */
export const PYTORCH_RELEASES: readonly PytorchRelease[] = [
  release('2.3', [stable('11.8'), experimental('12.1')], onPypi('12.1', 'pytorch/blob/main/RELEASE.md')),
  release('2.4', [stable('11.8'), stable('12.1'), experimental('12.4')]),
  release('2.5', [stable('11.8'), stable('12.1'), stable('12.4')], onPypi('12.4', 'test-infra/pull/5776')),
  release('2.6', [stable('11.8'), stable('12.4'), experimental('12.6')]),
  release(
    '2.7',
    [legacy('11.8'), stable('12.6'), experimental('12.8')],
    onPypi('12.6', 'pytorch/issues/147383'),
  ),
  release('2.8', [stable('12.6'), stable('12.8'), experimental('12.9')]),
  release('2.9', [stable('12.6'), stable('12.8'), experimental('13.0')]),
  release('2.10', [stable('12.6'), stable('12.8'), experimental('13.0')]),
  release('2.11', [legacy('12.6'), stable('12.8'), stable('13.0')], onPypi('13.0', 'pytorch/pull/177975')),
  release(
    '2.12',
    [legacy('12.6'), stable('13.0'), experimental('13.2')],
    onPypi('13.0', 'pytorch/issues/178665'),
  ),
  release('2.13', [stable('12.6'), stable('13.0'), experimental('13.2')]),
  release('2.14', [legacy('12.6'), stable('13.0'), stable('13.2')], onPypi('13.2', 'pytorch/issues/190355')),
];
