import { LockstepError } from '../../contract';

/**
 * A version as NVIDIA and PyTorch write theirs: numbers with dots between. semver has no place for it: drivers
 * have two numbers or three, and zeros in front of the later ones.
 */
export interface Version {
  /** As it was written: `535.54.03`. */
  readonly text: string;
  readonly numbers: readonly number[];
}

/** What a version of one kind looks like. */
export interface VersionForm {
  /** What it is a version of, for messages. */
  readonly of: string;
  readonly example: string;
  /** Fewest and most numbers. */
  readonly length: readonly [least: number, most: number];
  /**
   * Whether numbers behind the first dot may have zeros in front, as in `535.54.03`.
   *
   * @default false
   */
  readonly zeros?: boolean;
}

/** @see https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html for the forms of both. */
export const CUDA_FORM: VersionForm = { of: 'a CUDA toolkit', example: '12.1.0', length: [3, 3] };
export const DRIVER_FORM: VersionForm = {
  of: 'an NVIDIA driver',
  example: '535.54.03',
  length: [2, 3],
  zeros: true,
};
export const PYTORCH_FORM: VersionForm = { of: 'PyTorch', example: '2.4.0', length: [3, 3] };

/** Reads a version, or nothing when the text is none of this form. A leading `v` may stand before it. */
export function parseVersion(text: string, form: VersionForm): Version | undefined {
  const version = numbersOf(text, form);
  return version === undefined || version.text === normalForm(version.text, form) ? version : undefined;
}

/** Reads a version whose numbers may have zeros in front. */
function numbersOf(text: string, { length: [least, most] }: VersionForm): Version | undefined {
  const bare = text.replace(/^v/, '');
  if (!/^\d{1,6}(\.\d{1,6})*$/.test(bare)) return undefined;
  const numbers = bare.split('.').map(Number);
  return numbers.length >= least && numbers.length <= most ? { text: bare, numbers } : undefined;
}

/** Without zeros in front that nobody writes: one version has one name, such as the tag of its image. */
const normalForm = (text: string, { zeros = false }: VersionForm): string =>
  text
    .split('.')
    .map((number, at) => (zeros && at > 0 ? number : String(Number(number))))
    .join('.');

/** @throws LockstepError `InvalidArgument` */
export function readVersion(text: string, form: VersionForm, place: string): Version {
  const version = parseVersion(text, form);
  if (version === undefined) throw new LockstepError('InvalidArgument', versionFault(text, form, place));
  return version;
}

/** How a text that is no version of this form is written, where only zeros in front are too many. */
export function meantVersion(text: string, form: VersionForm): string | undefined {
  const meant = numbersOf(text, form);
  return meant && normalForm(meant.text, form);
}

/** What is wrong with a text that is no version of this form. */
export function versionFault(text: string, form: VersionForm, place: string) {
  const { of, example, length, zeros = false } = form;
  const [least, most] = length;
  const where = zeros ? ', the first without zeros in front' : ', without zeros in front';
  return {
    place,
    value: JSON.stringify(text),
    allowed: `the version of ${of}: ${least === most ? least : `${least} or ${most}`} numbers with dots between${where}`,
    change: `write it as ${meantVersion(text, form) ?? example}`,
  };
}

/** Below 0 when `a` is older, 0 when they are the same, above 0 when it is newer. A number that is missing is 0. */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const majorOf = ({ numbers }: Version): number => numbers[0] ?? 0;

/** The first two numbers: `12.1` of `12.1.0`. */
export const minorLineOf = ({ numbers }: Version): string => numbers.slice(0, 2).join('.');
