import type { Fault } from '../../contract';
import type { Platform } from './platform';

/** Files that workloads name and the repository does not have. GitHub would notice only in the first run. */
export function missingFiles({ workloads }: Platform, exists: (path: string) => boolean): Fault[] {
  return workloads.flatMap((workload, index) => {
    const place = `workloads[${index}]`;
    const { source, image, tests } = workload;
    if (!exists(source)) return [missing(`${place}.source`, source, 'a folder of the repository')];
    const dockerfile = `${source}/${image.dockerfile}`;
    return [
      ...(exists(dockerfile)
        ? []
        : [missing(`${place}.image.dockerfile`, dockerfile, 'a file in the source folder')]),
      ...(tests?.requirements ?? [])
        .map((file) => `${source}/${file}`)
        .filter((file) => !exists(file))
        .map((file) => missing(`${place}.tests.requirements`, file, 'files in the source folder')),
    ];
  });
}

const missing = (place: string, value: string, allowed: string): Fault => ({
  place,
  value: `"${value}", which is not there`,
  allowed,
  change: 'correct the path, or add what it names',
});
