import {
  CUDA_RELEASE_NOTES,
  MINOR_VERSION_COMPATIBILITY,
  type Source,
  UNKNOWN,
  type Unknown,
} from './source';

/** A release of the CUDA toolkit and the Linux x86-64 driver that came with it. */
export interface CudaToolkit {
  /** Version as images have it: `12.1.1` is 12.1 Update 1. */
  readonly cuda: string;
  /** Oldest driver that has every feature of this toolkit. */
  readonly packagedDriver: string | Unknown;
  readonly source: Source;
}

/** Packaged drivers by toolkit, as the release notes list them. */
const PACKAGED: readonly (readonly [cuda: string, driver: string])[] = [
  ['11.8.0', '520.61.05'],
  ['12.0.0', '525.60.13'],
  ['12.0.1', '525.85.12'],
  ['12.1.0', '530.30.02'],
  ['12.1.1', '530.30.02'],
  ['12.2.0', '535.54.03'],
  ['12.2.1', '535.86.09'],
  ['12.2.2', '535.104.05'],
  ['12.3.0', '545.23.06'],
  ['12.3.1', '545.23.08'],
  // 12.3 Update 2 exists; the release notes name no driver for it.
  ['12.3.2', UNKNOWN],
  ['12.4.0', '550.54.14'],
  ['12.4.1', '550.54.15'],
  ['12.5.0', '555.42.02'],
  ['12.5.1', '555.42.06'],
  ['12.6.0', '560.28.03'],
  ['12.6.1', '560.35.03'],
  ['12.6.2', '560.35.03'],
  ['12.6.3', '560.35.05'],
  ['12.8.0', '570.26'],
  ['12.8.1', '570.124.06'],
  ['12.9.0', '575.51.03'],
  ['12.9.1', '575.57.08'],
  ['13.0.0', '580.65.06'],
  ['13.0.1', '580.82.07'],
  ['13.0.2', '580.95.05'],
  ['13.1.0', '590.44.01'],
  ['13.1.1', '590.48.01'],
  ['13.2.0', '595.45.04'],
  ['13.2.1', '595.58.03'],
  ['13.3.0', '610.43.02'],
  ['13.3.1', '610.43.02'],
  // From 13.4 on the toolkit brings no Linux driver. 13.4.1 is its first release: the last number counts builds.
  ['13.4.1', UNKNOWN],
];

/** Oldest first. */
export const CUDA_TOOLKITS: readonly CudaToolkit[] = PACKAGED.map(([cuda, packagedDriver]) => ({
  cuda,
  packagedDriver,
  source: CUDA_RELEASE_NOTES,
}));

/** What holds for all toolkits of one major version. */
export interface CudaMajor {
  readonly major: number;
  /** Oldest Linux driver on which any toolkit of this major runs, with fewer features. */
  readonly minorVersionFloor: { readonly driver: string; readonly source: Source };
  /** Oldest GPU architecture that it compiles for and whose libraries it has. Which is the newest differs by toolkit. */
  readonly lowestComputeCapability: { readonly version: string; readonly source: Source };
}

const REMOVED_ARCHITECTURES: Source = {
  url: 'https://docs.nvidia.com/cuda/archive/12.6.3/cufft/deprecated-functionality.html',
  read: '2026-11-21',
};

/** Oldest first. */
export const CUDA_MAJORS: readonly CudaMajor[] = [
  {
    major: 11,
    minorVersionFloor: { driver: '450.80.02', source: MINOR_VERSION_COMPATIBILITY },
    lowestComputeCapability: { version: '3.5', source: REMOVED_ARCHITECTURES },
  },
  {
    major: 12,
    minorVersionFloor: { driver: '525.60.13', source: MINOR_VERSION_COMPATIBILITY },
    lowestComputeCapability: { version: '5.0', source: REMOVED_ARCHITECTURES },
  },
  {
    major: 13,
    // The page names the branch only.
    minorVersionFloor: { driver: '580', source: MINOR_VERSION_COMPATIBILITY },
    lowestComputeCapability: { version: '7.5', source: CUDA_RELEASE_NOTES },
  },
];
