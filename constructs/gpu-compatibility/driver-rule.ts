import { CUDA_MAJORS, CUDA_TOOLKITS, type CudaToolkit } from './cuda-toolkits';
import { branchOf, type EndOfLife } from './driver-branches';
import type { DriverFinding, Reason } from './judgement';
import { CUDA_RELEASE_NOTES, MINOR_VERSION_COMPATIBILITY, type Source, UNKNOWN } from './source';
import { compareVersions, CUDA_FORM, DRIVER_FORM, majorOf, readVersion, type Version } from './version';

const reason = (text: string, source: Source): Reason => ({ rule: 'driver', text, source });

/**
 * Whether a driver runs programs of a toolkit. A newer driver runs what an older one ran; an older one than the
 * toolkit was packaged with still runs it from the floor of its major version on.
 *
 * @param day `YYYY-MM-DD` by which a month that is over is told as past. @default - months are told as in the tables
 * @see https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
 */
export function judgeDriver(cuda: Version, driver: Version, day?: string): DriverFinding {
  const major = CUDA_MAJORS.find((candidate) => candidate.major === majorOf(cuda));
  if (major === undefined) {
    const text = `nothing was reviewed of CUDA ${majorOf(cuda)}`;
    return { outcome: 'unknown', reason: reason(text, CUDA_RELEASE_NOTES) };
  }
  const floor = major.minorVersionFloor;
  if (compareVersions(driver, driverVersion(floor.driver)) < 0) {
    const text = `CUDA ${major.major} needs driver ${floor.driver} or newer; ${driver.text} is older`;
    return { outcome: 'refuses', reason: reason(text, floor.source) };
  }
  const toolkit = CUDA_TOOLKITS.find(({ cuda: known }) => compareVersions(cudaVersion(known), cuda) === 0);
  if (toolkit === undefined) {
    const text = `CUDA ${cuda.text} is not among the toolkits that were reviewed`;
    return { outcome: 'unknown', reason: reason(text, CUDA_RELEASE_NOTES) };
  }
  return holds(toolkit, driver, floor.driver, day);
}

function holds(
  { cuda, packagedDriver, source }: CudaToolkit,
  driver: Version,
  floor: string,
  day: string | undefined,
): DriverFinding {
  if (packagedDriver !== UNKNOWN && compareVersions(driver, driverVersion(packagedDriver)) >= 0) {
    return { outcome: 'holds', by: 'packagedDriver', notes: branchNotes(driver, day) };
  }
  const older =
    packagedDriver === UNKNOWN
      ? `no driver is named for CUDA ${cuda}: only the floor of its major version, ${floor}, is certain`
      : `CUDA ${cuda} was packaged with driver ${packagedDriver}; ${driver.text} is older, and has not all of its features`;
  return {
    outcome: 'holds',
    by: 'minorVersionCompatibility',
    notes: [reason(older, source), reason(PTX, MINOR_VERSION_COMPATIBILITY), ...branchNotes(driver, day)],
  };
}

/** @see https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html */
const PTX =
  'PTX that this toolkit writes is too new for the driver to compile (cudaErrorUnsupportedPtxVersion): ' +
  'kernels must be there as machine code for the GPU';

function branchNotes(driver: Version, day: string | undefined): readonly Reason[] {
  const branch = branchOf(driver);
  if (branch === undefined) return [];
  const { branch: number, endOfLife, source } = branch;
  return [reason(`driver branch R${number} ${whenOver(endOfLife, day)}`, source)];
}

function whenOver(endOfLife: EndOfLife, day: string | undefined): string {
  if (endOfLife === 'ended') return 'is past its end of life';
  const over = day !== undefined && endOfLife.month < day.slice(0, 7);
  return `${over ? 'reached' : 'has'} its end of life in ${endOfLife.month}`;
}

/** The floor of a major version may be a whole branch: `580`. */
const driverVersion = (text: string): Version =>
  readVersion(text, { ...DRIVER_FORM, length: [1, 3] }, 'reviewed driver');
const cudaVersion = (text: string): Version => readVersion(text, CUDA_FORM, 'reviewed toolkit');
