import {
  type DeployContext,
  LockstepError,
  type RollbackOutcome,
  type RollbackRequest,
  type Version,
} from '../../../contract';
import type { NodeAccess } from './access';
import { type ClusterState, clusterState } from './cluster-state';
import { type RunEnd, runOnNode, sentenceOf } from './run';

/** Leads back to the state before a release, or to a release of the past. */
export async function rollBack(
  access: NodeAccess,
  request: RollbackRequest,
  context: DeployContext,
): Promise<RollbackOutcome> {
  if (request.revision !== undefined) return goTo(access, request.revision, context);
  const named = request.version ?? request.deployment;
  if (named === undefined && request.onlyNamed === true) {
    return { result: 'nothingToDo', message: 'nothing was started, so that nothing has to be undone' };
  }
  const state = await clusterState(access, context);
  const { current, pending } = state;
  if (pending && named !== undefined && pending.name !== named) {
    return {
      result: 'leftToOther',
      from: pending,
      message: `${pending.name} is being deployed, which is not ${named}; it is left alone`,
    };
  }
  if (!pending && (named === undefined || named === current?.name)) return stands(state);
  const release = pending?.name ?? named;
  return release === undefined ? stands(state) : undoRelease(access, state, release, context);
}

function stands({ current }: ClusterState): RollbackOutcome {
  return {
    result: 'nothingToDo',
    ...(current === undefined ? {} : { to: current }),
    message: current ? `${current.name} runs and was finished` : 'nothing was ever finished here',
  };
}

/** Also asks the node where nothing seems to be open: a run may be at work that has not written down its release yet. */
async function undoRelease(
  access: NodeAccess,
  { current, pending }: ClusterState,
  release: string,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const end = await restore(access, 'undo', release, context);
  // The node decides: what was seen before it had the lock may have changed since.
  if (end.result === 'left') return { result: 'leftToOther', message: end.message };
  requireRestored(end);
  const to = current === undefined ? {} : { to: current };
  const before = current ? `${current.name} runs` : 'nothing ran before';
  if (!pending) {
    const from: Version = { name: release };
    return {
      result: 'alreadyRolledBack',
      from,
      ...to,
      message: `${from.name} is not on the node any more; ${before}`,
    };
  }
  return { result: 'rolledBack', from: pending, ...to, message: `${pending.name} is undone; ${before}` };
}

/** @throws LockstepError `UnknownRevision` for what was never released here */
async function goTo(access: NodeAccess, revision: string, context: DeployContext): Promise<RollbackOutcome> {
  const history = await access.record.history();
  const goal = history.find(({ version }) => version.name === revision)?.version;
  if (!goal) {
    throw new LockstepError('UnknownRevision', {
      place: '--revision',
      value: JSON.stringify(revision),
      allowed:
        history.map(({ version }) => version.name).join(', ') || 'nothing: no release was finished yet',
      change: 'name a release that `rollback --list` lists',
    });
  }
  const { current, pending } = await clusterState(access, context);
  if (!pending && current?.name === revision) {
    return { result: 'nothingToDo', to: goal, message: `${revision} runs already` };
  }
  const end = await restore(access, 'rollback', revision, context);
  requireWhole(revision, end);
  requireRestored(end);
  const from = pending ?? current;
  return {
    result: 'rolledBack',
    ...(from === undefined ? {} : { from }),
    to: goal,
    message: `went back to ${revision}`,
  };
}

const restore = (
  access: NodeAccess,
  action: 'undo' | 'rollback',
  release: string,
  context: DeployContext,
): Promise<RunEnd> =>
  runOnNode(access, { action, release, deadlineSeconds: access.spec.deadlineSeconds }, context);

/** @throws LockstepError `RollbackFailed` for a release of which a later one has taken something out; nothing was changed */
function requireWhole(revision: string, end: RunEnd): void {
  if (end.result !== 'failed' || end.phase !== 'check') return;
  throw new LockstepError('RollbackFailed', {
    place: `rollback to ${revision}, before anything was changed`,
    value: end.message,
    allowed: 'a release whose Deployments and routes are still there',
    change: `deploy the commit of ${revision} again`,
  });
}

/** @throws LockstepError `RollbackFailed` */
function requireRestored(end: RunEnd): void {
  if (end.result === 'done') return;
  throw new LockstepError('RollbackFailed', {
    place: 'rollback on the node',
    value: sentenceOf(end),
    allowed: 'the state before the deployment',
    change: 'read the diagnosis, mend the cause, then run the same command again',
  });
}
