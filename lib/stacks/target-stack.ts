import type { Construct } from 'constructs';
import type { RenderedFile } from '../../constructs/k3s-app';
import { NotificationTopic } from '../../constructs/notification-topic';
import { type RoleEntry, type TargetEntry, ValueRef } from '../../contract';
import type { Environment, Platform, Workload, WorkloadEnvironment } from '../platform';
import { jobRoles } from './job-roles';
import { PlatformStack, type PlatformStackProps } from './platform-stack';

/** A workload in one of its environments. */
export interface TargetStackProps<W extends Workload> {
  readonly platform: Platform;
  readonly workload: W;
  readonly environment: Environment;
  readonly settings: W['environments'][number];
  /** Stacks in the same account and region whose templates are compared with what is deployed. */
  readonly stacksBeside: readonly string[];
}

/** What a kind of target says of itself; the rest of its entry is the same for every kind. */
export type OwnEntry = Pick<
  TargetEntry,
  'kind' | 'files' | 'settleMinutes' | 'constructPath' | 'calls' | 'spec'
>;

/** Once for each workload and environment: the target, or what it needs, and the roles that may deploy it. */
export abstract class TargetStack extends PlatformStack {
  abstract readonly target: TargetEntry;
  abstract readonly roles: readonly RoleEntry[];
  /** Files that are generated with the stack, by their paths from the repository's root. @default - none */
  readonly files: readonly RenderedFile[] = [];

  constructor(
    scope: Construct,
    id: string,
    { workload, environment }: TargetStackProps<Workload>,
    props: Pick<PlatformStackProps, 'zones'> = {},
  ) {
    super(scope, id, {
      ...props,
      env: { account: environment.account, region: workload.region },
      stackName: id,
      description: `${workload.id} in ${environment.name}`,
    });
  }
}

/** Makes the roles of a target in its stack and, where mail is sent, its topic; and the entries of all. */
export function describeTarget(
  stack: TargetStack,
  { platform, workload, environment, settings, stacksBeside }: TargetStackProps<Workload>,
  own: OwnEntry,
): Pick<TargetStack, 'target' | 'roles'> {
  const { subscribers } = workload;
  const topic =
    subscribers.length === 0
      ? undefined
      : new NotificationTopic(stack, 'Notices', {
          account: environment.account,
          region: workload.region,
          topicName: settings.names.noticeTopic,
          subscribers,
        });
  const { all, ofTarget } = jobRoles(stack, {
    platform,
    workload,
    environment,
    settings,
    calls: own.calls,
    stacks: [...stacksBeside, stack.stackName],
    ...(topic && { topic }),
  });
  const { releasedImage }: WorkloadEnvironment['names'] = settings.names;
  const target: TargetEntry = {
    ...own,
    id: `${workload.id}-${environment.name}`,
    workload: workload.id,
    environment: environment.name,
    account: environment.account,
    region: workload.region,
    ...ofTarget,
    images: workload.images.map(({ id }) => id),
    ...(releasedImage !== undefined && { releasedImage: ValueRef.ssmParameter(releasedImage) }),
    deployTimeoutMinutes: workload.rollout.timeoutMinutes,
    runnerLabels: ['ubuntu-24.04'],
  };
  return { target, roles: all };
}
