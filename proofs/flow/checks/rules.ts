import { posix } from 'node:path';
import type { PythonQuality } from '../../../contract';

/** An option that may stand in a check. Whatever is not listed might leave something out. */
interface Option {
  /** Values that it may have. @default - it has none */
  readonly values?: (text: string) => boolean;
  /** Each of these values must be given. */
  readonly needed?: readonly string[];
  /** True where the check is none without it. */
  readonly required?: boolean;
}

/** A check as it must be written, by its own documentation. */
export interface CheckRule {
  /** Such as `Ruff`. */
  readonly name: string;
  /** Words that it begins with. */
  readonly program: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** What it looks at. @default - it takes no files */
  readonly files?: readonly string[];
  /** Folder that it runs in, relative to the repository's root. */
  readonly directory: string;
}

const any = (): boolean => true;
const SWITCH: Option = {};
const VALUE: Option = { values: any };
const oneOf = (values: readonly string[]): Option => ({ values: (text) => values.includes(text) });

/**
 * What must run on each pull request and each push of a workload with checks. Options that mend, that choose among
 * findings, or that end well whatever was found are not among those that may stand there.
 *
 * @see https://docs.astral.sh/ruff/configuration/#full-command-line-interface
 * @see https://black.readthedocs.io/en/stable/usage_and_configuration/the_basics.html#command-line-options
 * @see https://pytest-cov.readthedocs.io/en/latest/config.html
 * @see https://bandit.readthedocs.io/en/latest/man/bandit.html
 * @see https://github.com/pypa/pip-audit#usage
 */
export function checkRules({ directory, checks }: PythonQuality): readonly CheckRule[] {
  if (!checks) return [];
  const python = (module: string, ...more: readonly string[]) => ({
    program: ['python', '-m', module, ...more],
    directory,
  });
  const { coverage, audited, exceptedVulnerabilities, securityBaseline } = checks;
  return [
    {
      name: 'Ruff',
      ...python('ruff', 'check'),
      options: { '--output-format': VALUE, '--no-fix': SWITCH, '--no-cache': SWITCH, '--quiet': SWITCH },
      files: ['.'],
    },
    {
      name: 'Black',
      ...python('black'),
      options: { '--check': { required: true }, '--diff': SWITCH, '--quiet': SWITCH },
      files: ['.'],
    },
    {
      name: 'the tests with coverage',
      ...python('pytest'),
      options: {
        '--cov': { values: any, required: true },
        '--cov-fail-under': { values: (text) => Number(text) >= coverage, required: true },
        '--cov-report': VALUE,
        '--junitxml': VALUE,
        '--strict-markers': SWITCH,
        '--strict-config': SWITCH,
      },
    },
    {
      name: 'Bandit',
      ...python('bandit'),
      options: {
        '--recursive': { required: true },
        '--quiet': SWITCH,
        '--configfile': VALUE,
        '--format': VALUE,
        ...(securityBaseline !== undefined && { '--baseline': oneOf([securityBaseline]) }),
      },
      files: ['.'],
    },
    {
      name: 'pip-audit',
      ...python('pip_audit'),
      options: {
        '--strict': { required: true },
        '--require-hashes': SWITCH,
        '--disable-pip': SWITCH,
        '--no-deps': SWITCH,
        '--requirement': {
          values: any,
          needed: audited.map((file) => posix.relative(directory, file)),
          required: true,
        },
        ...(exceptedVulnerabilities.length > 0 && { '--ignore-vuln': oneOf(exceptedVulnerabilities) }),
      },
    },
    {
      name: 'the synthesis',
      program: ['npx', 'cdk', 'synth'],
      options: { '--quiet': SWITCH },
      directory: '.',
    },
    { name: 'the proofs', program: ['npx', 'lockstep', 'prove'], options: {}, directory: '.' },
  ];
}

/** @returns what of a command is not as its rule has it, each as a reader would say it */
export function ruleFaults({ options, files = [] }: CheckRule, words: readonly string[]): readonly string[] {
  const given = new Map<string, string[]>();
  const plain: string[] = [];
  const wrong: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      plain.push(word);
      continue;
    }
    const [flag = '', ...rest] = word.split('=');
    const option = options[flag];
    // `--cov` alone measures what the configuration names.
    const bare = rest.length === 0 && (option?.values === undefined || flag === '--cov');
    const value = bare ? '' : rest.length > 0 ? rest.join('=') : (words[(at += 1)] ?? '');
    if (!option || (value !== '' && option.values?.(value) !== true)) {
      wrong.push([flag, value].filter((text) => text !== '').join(' '));
    }
    given.set(flag, [...(given.get(flag) ?? []), value]);
  }
  const missing = Object.entries(options).flatMap(([flag, { required, needed = [] }]) => [
    ...(required && !given.has(flag) ? [`no ${flag}`] : []),
    ...needed.filter((value) => !given.get(flag)?.includes(value)).map((value) => `no ${flag} ${value}`),
  ]);
  return [
    ...wrong,
    ...missing,
    ...(plain.join(' ') === files.join(' ')
      ? []
      : [`looks at ${plain.join(', ') || 'nothing that is named'}`]),
  ];
}
