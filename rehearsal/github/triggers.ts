import { type Fault, LockstepError } from '../../contract';
import type { Trigger, Workflow } from '../../proofs/artefacts/workflow';
import { refFilter } from '../../proofs/claims/ref-filter';
import { type DispatchInputs, dispatchInputs } from './inputs';
import type { RunRequest } from './run-request';

/**
 * Checks that the event starts the workflow.
 *
 * @returns the inputs of the run
 * @throws LockstepError `InvalidArgument` when GitHub would start nothing
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function triggers(workflow: Workflow, request: RunRequest): DispatchInputs {
  const trigger = workflow.triggers.find(({ event }) => event === request.event);
  if (!trigger) {
    throw new LockstepError('InvalidArgument', {
      place: `${workflow.file} on`,
      value: request.event,
      allowed: workflow.triggers.map(({ event }) => event).join(', '),
      change: 'rehearse an event that starts the workflow',
    });
  }
  if (request.event === 'workflow_dispatch') {
    const { inputs, faults } = dispatchInputs(workflow.file, trigger, request.inputs ?? {});
    if (faults.length > 0) throw new LockstepError('InvalidArgument', faults);
    return inputs;
  }
  const refused = refusal(workflow, trigger, request);
  if (refused) throw new LockstepError('InvalidArgument', refused);
  return {};
}

function refusal(workflow: Workflow, trigger: Trigger, request: RunRequest): Fault | undefined {
  const { filters, event } = trigger;
  const place = `${workflow.file}:${trigger.line} on.${event}`;
  const no = (value: string, field: string): Fault => ({
    place,
    value,
    allowed: `what ${field} admits: ${JSON.stringify(filters)}`,
    change: 'rehearse a ref and a change that start the workflow, or change the filter',
  });
  const [, kind = '', name = ''] = /^refs\/(heads|tags)\/(.+)$/.exec(request.ref) ?? [];
  if (event === 'push') {
    const own = kind === 'tags' ? 'tags' : 'branches';
    const other = own === 'tags' ? 'branches' : 'tags';
    // With a filter on one kind of ref only, the other kind starts nothing.
    const shutOut = !names(filters, own) && names(filters, other);
    if (shutOut || !admits(filters, own, [name])) return no(request.ref, own);
  } else if (event === 'schedule' && request.ref !== `refs/heads/${request.repository.defaultBranch}`) {
    return no(request.ref, 'the default branch');
  } else if (event === 'pull_request' && !admits(filters, 'branches', [request.repository.defaultBranch])) {
    return no(request.repository.defaultBranch, 'branches');
  }
  // A tag has no paths.
  if (kind === 'tags' || request.changed === undefined) return undefined;
  return admits(filters, 'paths', request.changed) ? undefined : no(request.changed.join(', '), 'paths');
}

const names = (filters: Trigger['filters'], kind: string): boolean =>
  filters[kind] !== undefined || filters[`${kind}-ignore`] !== undefined;

/** Whether one of the values is wanted, or one of them is not ignored. */
function admits(filters: Trigger['filters'], kind: string, values: readonly string[]): boolean {
  const [wanted, ignored] = [filters[kind], filters[`${kind}-ignore`]];
  if (wanted !== undefined) return values.some(refFilter([wanted].flat().map(String)).admits);
  if (ignored === undefined) return true;
  const ignores = refFilter([ignored].flat().map(String)).admits;
  return values.some((value) => !ignores(value));
}
