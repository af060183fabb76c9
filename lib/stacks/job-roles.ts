import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DeployRole } from '../../constructs/deploy-role';
import type { NotificationTopic } from '../../constructs/notification-topic';
import {
  type AwsCall,
  maxSessionMinutes,
  type PostboxEntry,
  rollbackJobMinutes,
  type RoleEntry,
  type TargetEntry,
  type Verb,
  workflowPath,
} from '../../contract';
import {
  deliveryTo,
  type Environment,
  inspectionsOf,
  type Platform,
  rollbackEnvironmentOf,
  trustOf,
  type Workload,
  type WorkloadEnvironment,
} from '../platform';

export interface JobRolesProps {
  readonly platform: Platform;
  readonly workload: Workload;
  readonly environment: Environment;
  readonly settings: WorkloadEnvironment;
  readonly calls: TargetEntry['calls'];
  /** Names of the stacks that the check of the infrastructure compares; in the account of the environment. */
  readonly stacks: readonly string[];
  /** Topic that mail about the target goes through. @default - no mail is sent */
  readonly topic?: NotificationTopic;
}

/** Verbs that jobs with the deploy role run. Rolling back by hand uses it too. */
const DEPLOY_VERBS: readonly Verb[] = [
  'recall',
  'deploy',
  'wait',
  'rollback',
  'diagnose',
  'verify',
  'confirm',
  'status',
];
/** Verbs of the automatic way back: it never deploys a new image. */
const ROLLBACK_VERBS: readonly Verb[] = ['rollback', 'diagnose', 'verify', 'confirm', 'status'];

export interface JobRoles {
  readonly all: readonly RoleEntry[];
  /** As the manifest lists them at the target. */
  readonly ofTarget: Pick<TargetEntry, 'deployRole' | 'rollbackRole' | 'inspection' | 'postbox'>;
}

/** The roles of one workload in one environment, each for its jobs alone. */
export function jobRoles(scope: Construct, props: JobRolesProps): JobRoles {
  const deploy = deployRole(scope, props);
  const rollback = rollbackRole(scope, props);
  const inspection = inspectionOf(scope, props);
  const postbox = postboxOf(scope, props);
  return {
    all: [deploy, rollback, inspection?.role, postbox?.role].filter((role) => role !== undefined),
    ofTarget: {
      deployRole: deploy.id,
      rollbackRole: (rollback ?? deploy).id,
      ...(inspection && { inspection: { ...inspection, role: inspection.role.id } }),
      ...(postbox && { postbox: { ...postbox, role: postbox.role.id } }),
    },
  };
}

function deployRole(scope: Construct, props: JobRolesProps): RoleEntry {
  const { workload, environment, settings, calls } = props;
  const delivery = workflowPath(workload.id, deliveryTo(workload, environment.name));
  return new DeployRole(scope, 'Deploy', {
    ...idAndName(props, 'deploy', settings.names.deployRole),
    maxSession: sessionOf(workload),
    trust: {
      ...trustIn(props, settings.names.deployRole),
      environment: environment.name,
      branchWorkflows: [delivery, workflowPath(workload.id, 'rollback')],
    },
    calls: DEPLOY_VERBS.flatMap((verb) => calls[verb]),
  }).describe();
}

/** None where the environment waits for nobody: the deploy role brings it back. */
function rollbackRole(scope: Construct, props: JobRolesProps): RoleEntry | undefined {
  const { workload, environment, settings, calls } = props;
  const rollbackEnvironment = rollbackEnvironmentOf(environment);
  if (rollbackEnvironment === environment.name) return undefined;
  return new DeployRole(scope, 'Rollback', {
    ...idAndName(props, 'rollback', settings.names.rollbackRole),
    maxSession: sessionOf(workload),
    trust: {
      ...trustIn(props, settings.names.rollbackRole),
      environment: rollbackEnvironment,
      branchWorkflows: [workflowPath(workload.id, deliveryTo(workload, environment.name))],
    },
    calls: ROLLBACK_VERBS.flatMap((verb) => calls[verb]),
  }).describe();
}

/** The role of jobs without environment that look and change nothing. None where no workflow looks. */
function inspectionOf(
  scope: Construct,
  props: JobRolesProps,
): (Omit<NonNullable<TargetEntry['inspection']>, 'role'> & { readonly role: RoleEntry }) | undefined {
  const { platform, workload, environment, settings, stacks } = props;
  const inspections = inspectionsOf(workload, environment.name);
  if (inspections.length === 0) return undefined;
  const calls = templateCalls(stacks, { account: environment.account, region: workload.region });
  const role = new DeployRole(scope, 'Inspect', {
    ...idAndName(props, 'inspect', settings.names.inspectRole),
    trust: {
      repository: platform.repository,
      branch: platform.repository.defaultBranch,
      ...trustOf(platform, settings.names.inspectRole),
      branchWorkflows: inspections.map(({ pipeline }) => workflowPath(workload.id, pipeline)),
    },
    calls: inspections.flatMap(({ reads }) => (reads === 'stacks' ? calls : props.calls.status)),
  }).describe();
  return { role, stacks, calls };
}

/** The role of jobs that send mail: after a delivery, and after a rollback by hand. None where no mail is sent. */
function postboxOf(
  scope: Construct,
  props: JobRolesProps,
): (Omit<PostboxEntry, 'role'> & { readonly role: RoleEntry }) | undefined {
  const { workload, environment, settings, topic } = props;
  if (!topic) return undefined;
  const calls = topic.calls();
  const delivery = workflowPath(workload.id, deliveryTo(workload, environment.name));
  const role = new DeployRole(scope, 'Notify', {
    ...idAndName(props, 'notify', settings.names.notifyRole),
    trust: {
      ...trustIn(props, settings.names.notifyRole),
      environment: rollbackEnvironmentOf(environment),
      branchWorkflows: [delivery, workflowPath(workload.id, 'rollback')],
    },
    calls,
  }).describe();
  return { topicArn: topic.topicArn, role, calls };
}

/**
 * What comparing templates calls.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
 */
const templateCalls = (
  stacks: readonly string[],
  { account, region }: { readonly account: string; readonly region: string },
): AwsCall[] => [
  {
    action: 'cloudformation:GetTemplate',
    resources: stacks.map((stack) => `arn:aws:cloudformation:${region}:${account}:stack/${stack}/*`),
    because: 'CloudFormation chooses the id behind the name of a stack; the stack is named',
  },
];

const idAndName = (
  { workload, environment }: JobRolesProps,
  purpose: 'deploy' | 'rollback' | 'inspect' | 'notify',
  roleName: string,
) => ({
  roleId: `${workload.id}-${environment.name}-${purpose}`,
  roleName,
  purpose,
  account: environment.account,
});

/** Longest session: a job that rolls back may follow the failed deployment to its end first. */
const sessionOf = ({ rollout }: Workload): Duration =>
  Duration.minutes(maxSessionMinutes(rollbackJobMinutes(rollout.timeoutMinutes)));

function trustIn({ platform, workload, environment }: JobRolesProps, roleName: string) {
  const [tag] = workload.releaseTags;
  return {
    repository: platform.repository,
    branch: platform.repository.defaultBranch,
    ...(tag !== undefined && { tag }),
    tagWorkflows: [workflowPath(workload.id, deliveryTo(workload, environment.name))],
    ...trustOf(platform, roleName),
  };
}
