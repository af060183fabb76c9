import type { Job } from '../../proofs/artefacts/workflow';
import { record } from '../../proofs/flow/occurrences';
import { ExpressionFault, type Scope, textOf, valueOf } from './expressions';
import type { JobPlan } from './job-state';
import { type Combination, combinationsOf, labelled } from './matrix';
import { jobToken } from './job-token';
import { effectivePermissions, readOnly } from './permissions';
import type { RunContexts, RunParts } from './run-parts';
import { secretsFor } from './run-request';

/** One of the jobs that a matrix makes of one; without a matrix, the job itself. */
export interface JobCombination {
  readonly combination: Combination;
  readonly index: number;
  readonly total: number;
  readonly failFast: boolean;
  /** Jobs at the same time. */
  readonly maxParallel: number;
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategy */
export function combinationsFor(
  job: Job,
  scope: Scope,
): readonly JobCombination[] | { readonly fault: string } {
  const { matrix, 'fail-fast': failFast = true, 'max-parallel': parallel } = record(job.raw.strategy);
  try {
    const combinations = matrix === undefined ? [{}] : combinationsOf(valueOf(matrix, scope));
    if (combinations.length === 0) return { fault: 'Matrix vector does not contain any values' };
    return combinations.map((combination, index) => ({
      combination,
      index,
      total: combinations.length,
      failFast: String(valueOf(failFast, scope)) !== 'false',
      maxParallel: Number(valueOf(parallel ?? combinations.length, scope)),
    }));
  } catch (error) {
    if (error instanceof ExpressionFault) return { fault: error.message };
    throw error;
  }
}

/**
 * What is known of a job before its first step.
 *
 * @throws ExpressionFault
 */
export function planJob(
  { request, workflow }: RunParts,
  job: Job,
  { combination, index, total, failFast, maxParallel }: JobCombination,
  given: RunContexts,
  number: number,
): JobPlan {
  const strategy = {
    'fail-fast': failFast,
    'job-index': index,
    'job-total': total,
    'max-parallel': maxParallel,
  };
  const without = { ...given, matrix: combination, strategy };
  const environment =
    job.environment === undefined ? undefined : textOf(job.environment, { contexts: without });
  const written = effectivePermissions(workflow.permissions, job.permissions);
  const permissions = request.fromFork === true ? readOnly(written) : written;
  const contexts = {
    ...without,
    github: { ...given.github, token: jobToken(permissions) },
    secrets: secretsFor(request, environment),
  };
  const scope: Scope = { contexts };
  return {
    job,
    label: labelled(job.id, combination),
    number,
    request,
    ...(environment !== undefined && environment !== '' && { environment }),
    permissions,
    contexts,
    env: { ...texts(workflow.raw.env, scope), ...texts(job.raw.env, scope) },
    defaults: {
      ...record(record(workflow.raw.defaults).run),
      ...record(record(job.raw.defaults).run),
    },
  };
}

const texts = (env: unknown, scope: Scope): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(record(env)).map(([name, value]) => [name, textOf(String(value), scope)]),
  );
