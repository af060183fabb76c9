import type { Fault } from '../../contract';
import type { NamedFile } from './kind';
import { kindOf } from './kinds';
import type { Platform } from './platform';
import type { Workload } from './workload';

/** Files that workloads name and the repository does not have. GitHub would notice only in the first run. */
export function missingFiles({ workloads }: Platform, exists: (path: string) => boolean): Fault[] {
  return workloads.flatMap((workload, index) => {
    const place = `workloads[${index}]`;
    const { source } = workload;
    if (!exists(source)) return [missing(`${place}.source`, source, 'a folder of the repository')];
    return filesOf(workload)
      .map(({ path, field }) => ({ path: `${source}/${path}`, field }))
      .filter(({ path }) => !exists(path))
      .map(({ path, field }) => missing(`${place}.${field}`, path, 'a file in the source folder'));
  });
}

/** Files relative to the source folder. */
function filesOf(workload: Workload): readonly NamedFile[] {
  const { image, tests } = workload;
  const { audited = [], securityBaseline } = tests?.checks ?? {};
  return [
    { path: image.dockerfile, field: 'image.dockerfile' },
    ...(tests?.requirements ?? []).map((path) => ({ path, field: 'tests.requirements' })),
    ...audited.map((path) => ({ path, field: 'tests.checks.audit' })),
    ...(securityBaseline === undefined
      ? []
      : [{ path: securityBaseline, field: 'tests.checks.securityBaseline' }]),
    ...kindOf(workload).files(workload),
  ];
}

const missing = (place: string, value: string, allowed: string): Fault => ({
  place,
  value: `"${value}", which is not there`,
  allowed,
  change: 'correct the path, or add what it names',
});
