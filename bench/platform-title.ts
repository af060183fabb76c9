/** @param workloads of a generated platform; none for the sample */
export function platformTitle(workloads: number | undefined): string {
  if (workloads === undefined) return 'Sample platform';
  return `${workloads} GPU ${workloads === 1 ? 'workload' : 'workloads'}`;
}
