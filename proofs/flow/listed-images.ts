import { posix } from 'node:path';
import type { Job, Step, Workflow } from '../artefacts';
import { jobGraph } from './job-graph';
import { SCANNER } from './scan-gate';

const UPLOAD = 'actions/upload-artifact';
const DOWNLOAD = 'actions/download-artifact';

/**
 * Images whose contents a file lists: a step of the job fetches the artifact with it, and a job before has kept it behind
 * the scanner that wrote it.
 *
 * @returns what stands in `image-ref` of those scanners
 */
export function listedImages(workflow: Workflow, job: Job, step: Step, file: string): readonly string[] {
  const ancestors = jobGraph(workflow).ancestors.get(job.id);
  const fetched = job.steps
    .slice(0, job.steps.indexOf(step))
    .filter(({ uses, with: inputs }) => uses?.action === DOWNLOAD && isIn(file, inputs.path));
  return fetched.flatMap(({ with: { name } }) =>
    workflow.jobs
      .filter(({ id }) => ancestors?.has(id))
      .flatMap((other) =>
        other.steps
          .filter(({ uses, with: inputs }) => uses?.action === UPLOAD && inputs.name === name)
          .flatMap((kept) => writersOf(other, kept, posix.basename(file))),
      ),
  );
}

/** A file of that name lies in the folder to which an artifact is unpacked. */
const isIn = (file: string, folder = '.'): boolean =>
  posix.dirname(posix.normalize(file)) === posix.normalize(folder);

const writersOf = ({ steps }: Job, kept: Step, name: string): readonly string[] =>
  steps
    .slice(0, steps.indexOf(kept))
    .filter(
      ({ uses, with: { output = '' } }) =>
        uses?.action.toLowerCase() === SCANNER &&
        output === kept.with.path &&
        posix.basename(output) === name,
    )
    .map(({ with: inputs }) => inputs['image-ref'] ?? 'no image-ref');
