import type { GpuCheckRequest } from '../../constructs/gpu-check/runtime';
import { type Fault, LockstepError } from '../../contract/errors';
import type { GpuCheckEntry } from '../../contract/gpu-check';

/** The combination, as the options of `gpu-check run` name it. */
export interface AskedCell {
  readonly cuda: string;
  readonly driver: string;
  readonly pytorch: string;
  /** @default - the type that the weekly run takes */
  readonly instanceType?: string;
  readonly image: string;
}

/** @throws LockstepError `InvalidArgument` with everything that is not of this check, or `ForeignImage` */
export function requestOf(entry: GpuCheckEntry, asked: AskedCell): GpuCheckRequest {
  const { matrix, instanceTypes, image, taskTimeoutMinutes } = entry;
  const { cuda, driver, pytorch, instanceType = instanceTypes[0] ?? '' } = asked;
  const faults = [
    ...unknown('--cuda', cuda, matrix.cuda),
    ...unknown('--driver', driver, matrix.driver),
    ...unknown('--pytorch', pytorch, matrix.pytorch),
    ...unknown('--instance-type', instanceType, instanceTypes),
  ];
  if (faults.length > 0) throw new LockstepError('InvalidArgument', faults);
  if (!isOf(image.repository.uri, asked.image)) {
    throw new LockstepError('ForeignImage', {
      place: '--image',
      value: JSON.stringify(asked.image),
      allowed: `${image.repository.uri}:<tag> or ${image.repository.uri}@sha256:<64 hex digits>`,
      change: `push the image to ${image.repository.uri}`,
    });
  }
  return {
    cell: { cuda, driver, pytorch },
    instanceType,
    image: asked.image,
    timeoutMinutes: taskTimeoutMinutes,
  };
}

const unknown = (place: string, value: string, allowed: readonly string[]): readonly Fault[] =>
  allowed.includes(value)
    ? []
    : [
        {
          place,
          value: JSON.stringify(value),
          allowed: allowed.join(', '),
          change: 'name one of these, or add it to `gpuCheck` in the platform file',
        },
      ];

/** @see https://docs.docker.com/reference/cli/docker/image/tag/ for the form of a tag */
const isOf = (uri: string, image: string): boolean =>
  image.startsWith(uri) && /^(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/.test(image.slice(uri.length));
