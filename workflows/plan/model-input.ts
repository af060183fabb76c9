import type { WorkloadEntry } from '../../contract';
import type { DispatchInput } from './model';

/**
 * The input that names a model, for workloads that have models.
 *
 * @param otherwise which model it is when none is named
 */
export function modelInput({ models }: WorkloadEntry, otherwise: string): Record<string, DispatchInput> {
  if (!models) return {};
  return {
    model: {
      type: 'string',
      description: `Model as s3://${models.bucket}/<key>.tar.gz, with ?versionId=<id> where a version is meant; if empty, ${otherwise}`,
    },
  };
}
