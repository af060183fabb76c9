import type { Job } from '../../proofs/artefacts/workflow';
import type { Conclusion, JobResult } from './run-result';

/**
 * The result of a job that ended before its first step.
 *
 * @param at milliseconds since the epoch, of virtual time
 * @param about what people see on the job. @default - nothing
 */
export function jobWithoutSteps(
  { id, name = id }: Pick<Job, 'id' | 'name'>,
  result: Conclusion,
  at: number,
  about: { readonly message?: string | undefined; readonly environment?: string | undefined } = {},
): JobResult {
  const { message, environment } = about;
  return {
    id,
    name,
    ...(environment !== undefined && { environment }),
    result,
    startedAt: at,
    endedAt: at,
    steps: [],
    outputs: {},
    summary: '',
    ...(message !== undefined && { annotations: [{ level: 'error', message }] }),
  };
}
