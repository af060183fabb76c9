import type { Conclusion } from '../github/run-result';
import { UPLOADED_MODEL } from '../targets/uploaded-model';
import { everywhere, expectation, type RehearsedWorkflow } from './compose';
import type { RequestOptions } from './requests';
import type { Expectation, Happening, ObjectVersionInput } from './scenario';
import type { Delivered } from './stages';

/** @throws Error where the workload has no models: nobody may ask then */
function bucketOf({ shape }: RehearsedWorkflow): string {
  const bucket = shape.workload?.models?.bucket;
  if (bucket !== undefined) return bucket;
  throw new Error(`${shape.plan.file} delivers no models`);
}

/** A new model is put into the workload's bucket. */
export const uploaded = (workflow: RehearsedWorkflow): readonly Happening[] => [
  { kind: 'modelUploaded', bucket: bucketOf(workflow), key: UPLOADED_MODEL },
];

/** A run by hand that names a model; the one that is uploaded unless another is given. */
export const byHandWithModel = (
  workflow: RehearsedWorkflow,
  model = `s3://${bucketOf(workflow)}/${UPLOADED_MODEL}`,
): Pick<RequestOptions, 'event' | 'inputs'> => ({ event: 'workflow_dispatch', inputs: { model } });

/** The version of the model that is uploaded, for the input of a promotion. */
export const uploadedVersion = (workflow: RehearsedWorkflow): ObjectVersionInput => ({
  input: 'model',
  bucket: bucketOf(workflow),
  key: UPLOADED_MODEL,
});

/** A model that nobody has uploaded. */
export const missingModel = (workflow: RehearsedWorkflow): string =>
  `s3://${bucketOf(workflow)}/rehearsal/missing/model.tar.gz`;

/** A deployment that refuses its model before anything is changed. */
export function refusedByDeployment(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  { deploy, rollback }: Delivered,
  says: string,
): Expectation {
  const jobs: Record<string, Conclusion> = { [deploy.id]: 'failure' };
  if (rollback) jobs[rollback.id] = 'success';
  return {
    ...expectation(workflow, jobs, everywhere(stages, 'earlier')),
    summary: { [deploy.id]: [says], ...(rollback && { [rollback.id]: ['nothingToDo'] }) },
  };
}
