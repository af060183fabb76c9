import {
  type DeployContext,
  type DeployReceipt,
  type DeployRequest,
  LockstepError,
  type Version,
} from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import { watchedSeconds } from '../spec';
import type { NodeAccess } from './access';
import { type ClusterState, clusterState } from './cluster-state';
import { healthChecks } from './health';
import { readRelease, type Release } from './manifests';
import { type SentRun, start } from './run';

/** Runs that this deployer has begun, by their release, so that `wait` can follow them. */
export type Begun = Map<string, SentRun>;

/** Captures what runs, then begins the deployment, unless the release runs and is healthy already. */
export async function deploy(
  access: NodeAccess,
  begun: Begun,
  request: DeployRequest,
  context: DeployContext,
): Promise<DeployReceipt> {
  const { spec } = access;
  // Before the node is asked for anything: what is to be deployed must be whole.
  const release = await readRelease(spec, request.images);
  const version: Version = { name: release.name, images: release.images };
  const state = await clusterState(access, context);
  if (runsAlready(access, state, release.name)) return unchanged(version, context);
  const { current, pending } = state;
  if (pending && pending.name !== release.name) {
    context.emit({
      code: 'deployment.supersedes',
      level: 'warning',
      message: `${pending.name} was begun and never finished; this deployment takes its place, and a rollback leads to what ran before both`,
      data: { release: pending.name },
    });
  }
  throwIfInterrupted(context);
  await request.starting?.(version);
  begun.set(release.name, await begin(access, release, context));
  context.emit({
    code: 'deployment.started',
    level: 'info',
    message: `the node goes ${current ? `from ${current.name} ` : ''}to ${release.name}`,
    data: { release: release.name, previous: current?.name },
  });
  return {
    deployment: release.name,
    version,
    ...(current === undefined ? {} : { previous: current }),
    state: pending?.name === release.name ? 'resumed' : 'started',
  };
}

function runsAlready({ spec }: NodeAccess, state: ClusterState, release: string): boolean {
  if (state.pending !== undefined || state.current?.name !== release) return false;
  return healthChecks(spec, state).every(({ passed }) => passed);
}

function unchanged(version: Version, { emit }: DeployContext): DeployReceipt {
  emit({
    code: 'deployment.unchanged',
    level: 'success',
    message: `${version.name} already runs and is healthy; nothing to change`,
    data: { release: version.name },
  });
  return { version, state: 'unchanged' };
}

/** Hands the manifests to the node and lets it begin; what the strategy watches afterwards is part of the deadline. */
export const begin = (access: NodeAccess, release: Release, context: DeployContext): Promise<SentRun> =>
  start(
    access,
    {
      action: 'deploy',
      release: release.name,
      deadlineSeconds: access.spec.deadlineSeconds - watchedSeconds(access.spec.strategy),
    },
    context,
    release.files,
  );

/**
 * The receipt of the release that was begun, or of what runs, for a wait that has none.
 *
 * @throws LockstepError `NotDeployed` where nothing was ever deployed
 */
export async function currentReceipt(access: NodeAccess, context: DeployContext): Promise<DeployReceipt> {
  const { current, pending } = await clusterState(access, context);
  if (pending) {
    return {
      deployment: pending.name,
      version: pending,
      ...(current === undefined ? {} : { previous: current }),
      state: 'resumed',
    };
  }
  if (current) return { version: current, state: 'unchanged' };
  throw new LockstepError('NotDeployed', {
    place: `namespace ${access.spec.namespace}`,
    value: 'no release',
    allowed: 'a release that a deployment has made',
    change: 'run the workflow that deploys here',
  });
}
