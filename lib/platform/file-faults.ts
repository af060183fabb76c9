import type { Fault } from '../../contract';
import type { NamedFile } from './kind';
import { kindOf } from './kinds';
import { scriptFaults } from './package-scripts';
import type { Platform } from './platform';
import type { Tests, Workload } from './workload';

/** The repository, by paths relative to its root. */
export interface RepositoryFiles {
  hasFolder(path: string): boolean;
  hasFile(path: string): boolean;
  /** Text of a file that is there. */
  read(path: string): string;
}

/**
 * Files that workloads name and the repository does not have, or that cannot be what they are named as. GitHub would
 * notice only in the first run.
 */
export function fileFaults({ workloads }: Platform, files: RepositoryFiles): Fault[] {
  return workloads.flatMap((workload, index) => {
    const place = `workloads[${index}]`;
    const { source } = workload;
    if (!files.hasFolder(source)) return [missing(`${place}.source`, source, 'a folder of the repository')];
    return filesOf(workload).flatMap(({ path, field, folder = source, judge }) => {
      const at = `${place}.${field}`;
      const whole = `${folder}/${path}`;
      if (!files.hasFile(whole))
        return [missing(at, whole, `a file in ${folder === source ? 'the source folder' : folder}`)];
      return judge?.(files.read(whole)).map((fault) => unfit(at, whole, fault)) ?? [];
    });
  });
}

/** Files relative to the source folder. */
function filesOf(workload: Workload): readonly NamedFile[] {
  const { images, tests } = workload;
  return [
    ...images.map(({ dockerfile, field }) => ({ path: dockerfile, field: `${field}.dockerfile` })),
    ...(tests ? testFiles(tests) : []),
    ...kindOf(workload).files(workload),
  ];
}

function testFiles(tests: Tests): readonly NamedFile[] {
  if (tests.language === 'go')
    return tests.modules.map((module) => ({ path: `${module}/go.mod`, field: 'tests.modules' }));
  if (tests.language === 'node') {
    return [
      { path: 'package.json', field: 'tests.node', judge: (text) => scriptFaults(text, tests.scripts) },
      // `npm ci` installs what it names.
      { path: 'package-lock.json', field: 'tests.node' },
    ];
  }
  const { audited = [], securityBaseline } = tests.checks ?? {};
  return [
    ...tests.requirements.map((path) => ({ path, field: 'tests.requirements' })),
    ...audited.map((path) => ({ path, field: 'tests.checks.audit' })),
    ...(securityBaseline === undefined
      ? []
      : [{ path: securityBaseline, field: 'tests.checks.securityBaseline' }]),
  ];
}

const missing = (place: string, value: string, allowed: string): Fault => ({
  place,
  value: `"${value}", which is not there`,
  allowed,
  change: 'correct the path, or add what it names',
});

const unfit = (place: string, path: string, { value, allowed, change }: Omit<Fault, 'place'>): Fault => ({
  place,
  value: `"${path}": ${value}`,
  allowed,
  change,
});
