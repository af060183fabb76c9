import { type Fault, LockstepError } from '../../contract';
import { DEFAULT_GPU, type GpuModel } from './gpus';
import {
  CUDA_FORM,
  DRIVER_FORM,
  parseVersion,
  PYTORCH_FORM,
  type Version,
  versionFault,
  type VersionForm,
} from './version';

/** One combination of the matrix. */
export interface Cell {
  /** CUDA toolkit of the image: `12.1.1`. */
  readonly cuda: string;
  /** NVIDIA driver of the host: `535.54.03`. */
  readonly driver: string;
  readonly pytorch: string;
  /** @default 'T4' */
  readonly gpu?: GpuModel;
}

/** A cell whose versions were read. */
export interface ReadCell {
  readonly cuda: Version;
  readonly driver: Version;
  readonly pytorch: Version;
  readonly gpu: GpuModel;
}

/** @throws LockstepError `InvalidArgument` with every version that is none */
export function readCell({ cuda, driver, pytorch, gpu = DEFAULT_GPU }: Cell): ReadCell {
  const faults: Fault[] = [];
  const read = (text: string, form: VersionForm, place: string): Version => {
    const version = parseVersion(text, form);
    if (version === undefined) faults.push(versionFault(text, form, place));
    return version ?? { text, numbers: [] };
  };
  const versions = {
    cuda: read(cuda, CUDA_FORM, 'cuda'),
    driver: read(driver, DRIVER_FORM, 'driver'),
    pytorch: read(pytorch, PYTORCH_FORM, 'pytorch'),
  };
  if (faults.length > 0) throw new LockstepError('InvalidArgument', faults);
  return { ...versions, gpu };
}
