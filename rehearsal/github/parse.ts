import { type Fault, LockstepError } from '../../contract';
import { parseWorkflow, type Workflow } from '../../proofs/artefacts/workflow';
import { type JobGraph, jobGraph } from '../../proofs/flow/job-graph';
import { githubWorkflowParser } from '../../proofs/github/load';
import type { RunRequest } from './run-request';
import { unsupported } from './unsupported';

/** A workflow that can be run here. */
export interface RunnableWorkflow {
  readonly workflow: Workflow;
  readonly graph: JobGraph;
}

/**
 * Reads a workflow file, with GitHub's parser first.
 *
 * @param actions names of the actions that have a stand-in, in lower case
 * @throws LockstepError `UnsupportedWorkflow` with everything that GitHub refuses or that cannot be run here
 */
export async function readRunnable(
  request: Pick<RunRequest, 'file' | 'text'>,
  actions: ReadonlySet<string>,
): Promise<RunnableWorkflow> {
  const workflow = parseWorkflow(request);
  const graph = jobGraph(workflow);
  const refused = [...graph.faults, ...(workflow.errors.length > 0 ? [] : await refusedByGitHub(request))];
  const faults = refused.length > 0 ? refused : unsupported(workflow, actions);
  if (faults.length > 0) throw new LockstepError('UnsupportedWorkflow', faults);
  return { workflow, graph };
}

async function refusedByGitHub({ file, text }: Pick<RunRequest, 'file' | 'text'>): Promise<readonly Fault[]> {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow: parse } = githubWorkflowParser();
  const { context, value } = parse({ name: file, content: text }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ rawMessage, range }) => ({
    place: `${file}:${range?.start.line ?? 1}`,
    value: rawMessage,
    allowed:
      'what GitHub takes: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax',
    change: 'mend the file, or write it anew from the platform',
  }));
}
