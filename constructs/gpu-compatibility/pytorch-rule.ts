import type { Finding, Reason } from './judgement';
import { PYTORCH_RELEASES } from './pytorch-builds';
import { PYTORCH_RELEASE_MATRIX, type Source } from './source';
import { minorLineOf, type Version } from './version';

const reason = (text: string, source: Source): Reason => ({ rule: 'pytorchBuild', text, source });

/**
 * Whether PyTorch was built for the minor line of the toolkit. A wheel brings the CUDA runtime of its own line along,
 * so an image of another line would try that one and not its own.
 *
 * @see https://github.com/pytorch/pytorch/blob/main/RELEASE.md#release-compatibility-matrix
 */
export function judgePytorchBuild(cuda: Version, pytorch: Version): Finding {
  const line = minorLineOf(pytorch);
  const release = PYTORCH_RELEASES.find((candidate) => candidate.pytorch === line);
  if (release === undefined) {
    const text = `nothing was reviewed of PyTorch ${line}`;
    return { outcome: 'unknown', reason: reason(text, PYTORCH_RELEASE_MATRIX) };
  }
  const build = release.builds.find((candidate) => candidate.cuda === minorLineOf(cuda));
  if (build === undefined) {
    const there = release.builds.map((candidate) => candidate.cuda).join(', ');
    const text = `PyTorch ${line} has no build for CUDA ${minorLineOf(cuda)}; it has builds for ${there}`;
    return { outcome: 'refuses', reason: reason(text, release.source) };
  }
  const text = `the build of PyTorch ${line} for CUDA ${build.cuda} is ${build.support}`;
  return { outcome: 'holds', notes: build.support === 'stable' ? [] : [reason(text, release.source)] };
}
