import {
  CUDA_MAJORS,
  CUDA_TOOLKITS,
  DRIVER_BRANCHES,
  type Gpu,
  GPUS,
  HOST_IMAGES,
  INSTANCE_PRICES,
  PYTORCH_RELEASES,
  type PytorchRelease,
  type Source,
  UNKNOWN,
} from '../../constructs/gpu-compatibility';
import type { Table } from './table';

/** The reviewed data, as `--json` prints it. */
export const REVIEWED = {
  toolkits: CUDA_TOOLKITS,
  majors: CUDA_MAJORS,
  pytorch: PYTORCH_RELEASES,
  gpus: GPUS,
  driverBranches: DRIVER_BRANCHES,
  hostImages: HOST_IMAGES,
  prices: INSTANCE_PRICES,
} as const;

/** The reviewed data, a table for each kind. */
export const reviewedTables = (): readonly Table[] => [
  {
    title: 'CUDA toolkits',
    caption: 'Linux driver that each was packaged with',
    sources: sourcesOf(CUDA_TOOLKITS),
    head: ['CUDA', 'driver'],
    rows: CUDA_TOOLKITS.map(({ cuda, packagedDriver }) => [cuda, atLeast(packagedDriver)]),
  },
  {
    title: 'CUDA majors',
    caption: 'what runs any toolkit of the major, with fewer features',
    sources: sourcesOf(
      CUDA_MAJORS.flatMap((major) => [major.minorVersionFloor, major.lowestComputeCapability]),
    ),
    head: ['CUDA', 'driver', 'compute capability'],
    rows: CUDA_MAJORS.map(({ major, minorVersionFloor, lowestComputeCapability }) => [
      `${major}.x`,
      atLeast(minorVersionFloor.driver),
      atLeast(lowestComputeCapability.version),
    ]),
  },
  {
    title: 'PyTorch builds',
    caption: 'CUDA lines of the Linux x86-64 wheels',
    sources: [...sourcesOf(PYTORCH_RELEASES), ...sourcesOf(PYTORCH_RELEASES.flatMap(defaultOf))],
    head: ['PyTorch', 'builds', 'on PyPI'],
    rows: PYTORCH_RELEASES.map(({ pytorch, builds, defaultCuda }) => [
      pytorch,
      builds.map(buildText).join(', '),
      defaultCuda === UNKNOWN ? UNKNOWN : defaultCuda.cuda,
    ]),
  },
  {
    title: 'GPUs',
    sources: sourcesOf(Object.values(GPUS)),
    head: ['GPU', 'compute capability', 'instances'],
    rows: Object.entries<Gpu>(GPUS).map(([model, { computeCapability, families }]) => [
      model,
      computeCapability,
      families.join(', '),
    ]),
  },
  {
    title: 'Driver branches',
    sources: sourcesOf(DRIVER_BRANCHES),
    head: ['branch', 'kind', 'end of life'],
    rows: DRIVER_BRANCHES.map(({ branch, designation, endOfLife }) => [
      `R${branch}`,
      designation,
      endOfLife === 'ended' ? 'ended' : endOfLife.month,
    ]),
  },
  {
    title: 'ECS GPU images',
    caption: 'a host has the one driver of its image',
    sources: sourcesOf(HOST_IMAGES),
    head: ['image', 'driver', 'end of life'],
    rows: HOST_IMAGES.map(({ name, driver, endOfLife }) => [name, driver, endOfLife]),
  },
  {
    title: 'Instance prices',
    caption: 'on demand, Linux, us-east-1, as public tables had them in April 2026; the page of AWS decides',
    sources: sourcesOf(INSTANCE_PRICES),
    head: ['type', 'GPUs', 'USD an hour'],
    rows: INSTANCE_PRICES.map(({ type, gpus, usdPerHour }) => [type, String(gpus), usdPerHour.toFixed(3)]),
  },
];

const atLeast = (version: string): string => (version === UNKNOWN ? UNKNOWN : `>= ${version}`);

const buildText = ({ cuda, support }: PytorchRelease['builds'][number]): string =>
  support === 'stable' ? cuda : `${cuda} (${support})`;

const defaultOf = ({ defaultCuda }: PytorchRelease) => (defaultCuda === UNKNOWN ? [] : [defaultCuda]);

const sourcesOf = (rows: readonly { readonly source: Source }[]): readonly Source[] =>
  rows.map(({ source }) => source);
