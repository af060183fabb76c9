import { table, text } from '../../renderers/markdown';
import type { CompatibilityReport } from '../compatibility-report';
import type { DriverVerdict, ReviewedPytorch } from '../reviewed';
import { sourceLine } from './sources';

const UNKNOWN = 'unknown';

const VERDICTS: Readonly<Record<DriverVerdict, string>> = {
  packagedDriver: 'all features',
  minorVersionCompatibility: 'minor version',
  tooOld: 'too old',
  unknown: UNKNOWN,
};

/** Which drivers run which toolkit. */
export function cudaAndDrivers({ axes, reviewed }: CompatibilityReport): readonly string[] {
  return [
    '## CUDA and drivers',
    '',
    '“All features”: the driver is at least the one that came with the toolkit. “Minor version”: it runs what needs no ' +
      'newer one, and compiles no PTX of this toolkit.',
    '',
    ...table(
      [
        'CUDA',
        'came with driver',
        'runs with',
        'compute capability',
        ...axes.driver.map((driver) => `driver ${text(driver)}`),
      ],
      reviewed.cuda.map(({ cuda, packagedDriver, floor, computeCapability, drivers }) => [
        text(cuda),
        text(packagedDriver),
        atLeast(floor),
        atLeast(computeCapability),
        ...axes.driver.map((driver) => VERDICTS[drivers[driver] ?? 'unknown']),
      ]),
    ),
    ...sourceLine(reviewed.sources.cuda),
    '',
    ...table(
      ['driver', 'branch', 'kind', 'end of life'],
      reviewed.drivers.map(({ driver, branch }) => [
        text(driver),
        branch === undefined ? UNKNOWN : `R${branch.branch}`,
        branch?.designation ?? UNKNOWN,
        branch === undefined ? UNKNOWN : endOfLife(branch.endOfLife),
      ]),
    ),
    ...sourceLine(reviewed.sources.drivers),
  ];
}

const atLeast = (version: string): string => (version === UNKNOWN ? UNKNOWN : `${text(version)} or newer`);

const endOfLife = (end: 'ended' | { readonly month: string }): string =>
  end === 'ended' ? 'ended' : end.month;

export function pytorchBuilds({ reviewed }: CompatibilityReport): readonly string[] {
  return [
    '## PyTorch builds',
    '',
    ...table(
      ['PyTorch', 'built for CUDA', 'CUDA of the wheel on PyPI'],
      reviewed.pytorch.map((row) => [text(row.pytorch), buildsOf(row), text(row.onPypi)]),
    ),
    ...sourceLine(reviewed.sources.pytorch),
  ];
}

const buildsOf = ({ builds }: ReviewedPytorch): string =>
  builds
    .map(({ cuda, support }) => (support === 'stable' ? text(cuda) : `${text(cuda)} (${support})`))
    .join(', ') || UNKNOWN;

/** What instances cost, and which of them this run used. */
export function prices({
  instanceTypes,
  usedInstanceTypes,
  reviewed,
}: CompatibilityReport): readonly string[] {
  return [
    '## Instance types and prices',
    '',
    'On demand, Linux, us-east-1; the page of AWS decides. Each type has a capacity provider whose instances come for a ' +
      'check and go after it.',
    '',
    ...table(
      ['type', 'GPUs', 'USD an hour', 'used by this report'],
      instanceTypes.map((type) => {
        const price = reviewed.prices.find((each) => each.type === type);
        return [
          text(type),
          price === undefined ? UNKNOWN : String(price.gpus),
          price === undefined ? UNKNOWN : price.usdPerHour.toFixed(3),
          usedInstanceTypes.includes(type) ? 'yes' : '',
        ];
      }),
    ),
    ...sourceLine(reviewed.sources.prices),
  ];
}
