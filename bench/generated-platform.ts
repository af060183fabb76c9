/** Ids of the workloads of a generated platform; each has a source folder of this name. */
export const generatedIds = (workloads: number): string[] =>
  Array.from({ length: workloads }, (_, index) => `workload-${index + 1}`);

/**
 * A platform file with so many GPU workloads, each in the one environment there is. It is what
 * `manyServices` of the plain app describes.
 */
export function generatedPlatform(workloads: number): string {
  return `import { definePlatform, gpuService, Size } from './lib';

const ids = ${JSON.stringify(generatedIds(workloads))};

export default definePlatform({
  name: 'ml-platform',
  region: 'us-east-1',
  repository: { owner: 'octo-org', name: 'ml-platform', ownerId: '123456', repositoryId: '456789' },
  environments: [{ name: 'staging', account: '111111111111' }],
  workloads: ids.map((id) =>
    gpuService({
      id,
      source: \`services/\${id}\`,
      tests: { python: '3.11' },
      container: {
        port: 8080,
        cpu: 3072,
        memory: Size.gibibytes(12),
        gpus: 1,
        environment: { LOG_LEVEL: 'info' },
        health: { path: '/readyz', command: 'python -m kvs_infer.probe' },
      },
      verification: { path: '/readyz' },
      environments: [
        {
          name: 'staging',
          instanceType: 'g4dn.xlarge',
          instances: { min: 0, max: 2 },
          tasks: { desired: 1 },
        },
      ],
    }),
  ),
});
`;
}
