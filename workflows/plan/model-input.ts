import type { WorkloadEntry } from '../../contract';
import type { DispatchInput } from './model';

const FORM = { key: ', with ?versionId=<id> where a version is meant', version: '?versionId=<id>' } as const;

/**
 * The input that names a model, for workloads that have models.
 *
 * @param form what is named: a key, or also the version of the object
 * @param otherwise which model it is when none is named
 */
export function modelInput(
  { models }: WorkloadEntry,
  form: 'key' | 'version',
  otherwise: string,
): Record<string, DispatchInput> {
  if (!models) return {};
  return {
    model: {
      type: 'string',
      description: `Model as s3://${models.bucket}/<key>.tar.gz${FORM[form]}; if empty, ${otherwise}`,
    },
  };
}
