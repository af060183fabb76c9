import {
  branchOf,
  compareVersions,
  CUDA_FORM,
  CUDA_MAJORS,
  CUDA_TOOLKITS,
  DRIVER_FORM,
  type DriverBranch,
  HOST_IMAGES,
  type HostImage,
  INSTANCE_PRICES,
  type InstancePrice,
  judgeDriver,
  majorOf,
  minorLineOf,
  PYTORCH_FORM,
  PYTORCH_RELEASES,
  type PytorchRelease,
  readVersion,
  type Source,
  type SupportedBy,
  UNKNOWN,
} from '../../constructs/gpu-compatibility';
import type { GpuCheckEntry } from '../../contract/gpu-check';

/** What a driver is for a toolkit: new enough in one of two ways, too old, or nothing is known. */
export type DriverVerdict = SupportedBy | 'tooOld' | 'unknown';

export interface ReviewedCuda {
  readonly cuda: string;
  /** Driver that came with the toolkit, or `unknown`. */
  readonly packagedDriver: string;
  /** Oldest driver of its major version, or `unknown`. */
  readonly floor: string;
  /** Lowest compute capability that its major version knows, or `unknown`. */
  readonly computeCapability: string;
  /** By driver of the matrix. */
  readonly drivers: Readonly<Record<string, DriverVerdict>>;
}

export interface ReviewedPytorch {
  readonly pytorch: string;
  readonly builds: PytorchRelease['builds'];
  /** CUDA line of the wheel on PyPI, or `unknown`. */
  readonly onPypi: string;
}

export interface ReviewedDriver {
  readonly driver: string;
  readonly branch?: DriverBranch;
}

/** Rows of the reviewed tables that the versions of a check meet, with where they were read. */
export interface Reviewed {
  readonly cuda: readonly ReviewedCuda[];
  readonly drivers: readonly ReviewedDriver[];
  readonly pytorch: readonly ReviewedPytorch[];
  readonly hostImages: readonly HostImage[];
  readonly prices: readonly InstancePrice[];
  readonly sources: Readonly<
    Record<'cuda' | 'drivers' | 'pytorch' | 'hostImages' | 'prices', readonly Source[]>
  >;
}

/** @throws LockstepError `InvalidArgument` for a version of the manifest that is none */
export function reviewedOf({ matrix, instanceTypes }: GpuCheckEntry): Reviewed {
  const branches = matrix.driver.map(driverRow);
  const releases = matrix.pytorch.flatMap((pytorch) => releaseOf(pytorch) ?? []);
  const prices = INSTANCE_PRICES.filter(({ type }) => instanceTypes.includes(type));
  return {
    cuda: matrix.cuda.map((cuda) => cudaRow(cuda, matrix.driver)),
    drivers: branches,
    pytorch: matrix.pytorch.map(pytorchRow),
    hostImages: HOST_IMAGES,
    prices,
    sources: {
      cuda: sourcesOf([...CUDA_TOOLKITS, ...CUDA_MAJORS.map(({ minorVersionFloor }) => minorVersionFloor)]),
      drivers: sourcesOf(branches.flatMap(({ branch }) => branch ?? [])),
      pytorch: sourcesOf([
        ...releases,
        ...releases.flatMap(({ defaultCuda }) => (defaultCuda === UNKNOWN ? [] : [defaultCuda])),
      ]),
      hostImages: sourcesOf(HOST_IMAGES),
      prices: sourcesOf(prices),
    },
  };
}

function cudaRow(text: string, drivers: readonly string[]): ReviewedCuda {
  const cuda = readVersion(text, CUDA_FORM, 'matrix.cuda');
  const toolkit = CUDA_TOOLKITS.find(
    (each) => compareVersions(readVersion(each.cuda, CUDA_FORM, 'reviewed toolkit'), cuda) === 0,
  );
  const major = CUDA_MAJORS.find((each) => each.major === majorOf(cuda));
  return {
    cuda: text,
    packagedDriver: toolkit?.packagedDriver ?? UNKNOWN,
    floor: major?.minorVersionFloor.driver ?? UNKNOWN,
    computeCapability: major?.lowestComputeCapability.version ?? UNKNOWN,
    drivers: Object.fromEntries(drivers.map((driver) => [driver, verdictOf(text, driver)])),
  };
}

function verdictOf(cuda: string, driver: string): DriverVerdict {
  const finding = judgeDriver(
    readVersion(cuda, CUDA_FORM, 'matrix.cuda'),
    readVersion(driver, DRIVER_FORM, 'matrix.driver'),
  );
  if (finding.outcome === 'holds') return finding.by;
  return finding.outcome === 'refuses' ? 'tooOld' : 'unknown';
}

function driverRow(driver: string): ReviewedDriver {
  const branch = branchOf(readVersion(driver, DRIVER_FORM, 'matrix.driver'));
  return branch === undefined ? { driver } : { driver, branch };
}

function pytorchRow(pytorch: string): ReviewedPytorch {
  const release = releaseOf(pytorch);
  const { defaultCuda = UNKNOWN } = release ?? {};
  return {
    pytorch,
    builds: release?.builds ?? [],
    onPypi: defaultCuda === UNKNOWN ? UNKNOWN : defaultCuda.cuda,
  };
}

const releaseOf = (pytorch: string): PytorchRelease | undefined => {
  const line = minorLineOf(readVersion(pytorch, PYTORCH_FORM, 'matrix.pytorch'));
  return PYTORCH_RELEASES.find((each) => each.pytorch === line);
};

/** Each page once. */
function sourcesOf(rows: readonly { readonly source: Source }[]): readonly Source[] {
  const found = new Map(rows.map(({ source }) => [`${source.url} ${source.read}`, source]));
  return [...found.values()];
}
