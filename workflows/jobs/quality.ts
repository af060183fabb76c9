import { posix } from 'node:path';
import type { PythonQuality } from '../../contract';
import type { PlannedJob, RunStep } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { checkout } from '../steps/checkout';
import { pythonSteps } from '../steps/python';
import { runStep } from '../steps/run';
import { shellWord } from '../steps/shell';
import { groups } from './groups';
import { READ_CONTENTS } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 20;

/** What a workload asks of its sources. */
export type Checks = NonNullable<PythonQuality['checks']>;

/**
 * Checks of the sources, each of which fails the job, in a job without any way to AWS: packages of other people
 * run here. Nothing is mended: the commit that was checked is the commit that was written.
 */
export function qualityJob(
  { workload }: ResolvedWorkload,
  quality: PythonQuality,
  checks: Checks,
): PlannedJob {
  return {
    id: 'quality',
    name: `Check ${workload.id}`,
    needs: [],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS],
    concurrency: groups.check(workload.id, 'quality'),
    outputs: {},
    steps: [checkout(), ...pythonSteps(quality), ...checkSteps(quality.directory, checks)],
  };
}

function checkSteps(directory: string, checks: Checks): readonly RunStep[] {
  const step = (name: string, ...words: readonly string[]) =>
    runStep({
      name,
      run: [['python', '-m', ...words].map(shellWord).join(' ')],
      workingDirectory: directory,
    });
  return [
    step('Lint with Ruff', 'ruff', 'check', '--output-format=github', '.'),
    step('Check the format with Black', 'black', '--check', '.'),
    step('Run the unit tests with coverage', 'pytest', '--cov', `--cov-fail-under=${checks.coverage}`),
    step('Look for insecure code with Bandit', 'bandit', ...banditOptions(checks)),
    step('Look for known vulnerabilities with pip-audit', 'pip_audit', ...auditOptions(directory, checks)),
  ];
}

/** @see https://bandit.readthedocs.io/en/latest/man/bandit.html */
function banditOptions({ securityBaseline }: Checks): readonly string[] {
  const baseline = securityBaseline === undefined ? [] : ['--baseline', securityBaseline];
  return ['--quiet', '--configfile', 'pyproject.toml', '--recursive', ...baseline, '.'];
}

/**
 * What is shipped, by its hashes and without resolving anything anew; a package that cannot be looked up fails.
 *
 * @see https://github.com/pypa/pip-audit#usage
 */
function auditOptions(directory: string, { audited, exceptedVulnerabilities }: Checks): readonly string[] {
  return [
    ...['--strict', '--require-hashes', '--disable-pip'],
    ...audited.flatMap((file) => ['--requirement', posix.relative(directory, file)]),
    ...exceptedVulnerabilities.flatMap((id) => ['--ignore-vuln', id]),
  ];
}
