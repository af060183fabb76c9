import type { VirtualClock } from '../clock/virtual-clock';
import type { DockerHub } from '../docker-hub';
import type { PullResult } from '../kubernetes';
import { type Instance, Machines } from '../machine';
import type { Ec2Service, InstanceView } from './ec2';
import type { EcrService } from './ecr';
import type { IamService } from './iam';
import type { InsideCall } from './inside-call';
import type { Caller } from './service';
import type { InstancesAt } from './ssm';

export interface NodesPorts {
  readonly clock: VirtualClock;
  readonly ec2: Ec2Service;
  readonly ecr: EcrService;
  readonly dockerHub: DockerHub;
  readonly iam: IamService;
  readonly inside: InsideCall;
}

/** What Systems Manager and machines know of instances. */
export interface Nodes {
  readonly at: InstancesAt;
  readonly find: (id: string) => Instance | undefined;
  readonly machines: Machines;
}

/** Puts instances, their roles and their machines together. */
export function createNodes({ clock, ec2, ecr, dockerHub, iam, inside }: NodesPorts): Nodes {
  const find = (id: string): Instance | undefined => {
    const view = ec2.instance(id);
    return view && instanceOf(view, iam);
  };
  const machines = new Machines({
    clock,
    find,
    s3: ({ caller, region }) => {
      return (operation, input) => inside({ caller, region, service: 's3', operation, input });
    },
    pull: (instance, image) => pull({ clock, ecr, dockerHub, iam }, instance, image),
  });
  return {
    at: (place) =>
      ec2.instances(place).map((view) => ({
        id: view.id,
        account: view.account,
        region: view.region,
        instanceType: view.instanceType,
        tags: view.tags,
        isRunning: view.status === 'running',
        isRegistered: registers(instanceOf(view, iam), view, { iam, clock }),
      })),
    find,
    machines,
  };
}

function instanceOf({ id, account, region, instanceType, profile }: InstanceView, iam: IamService): Instance {
  const role = profile === undefined ? undefined : iam.roleOfProfile(account, profile);
  const base = { id, instanceType, region };
  return role ? { ...base, caller: iam.sessionOf(role.arn, id) } : base;
}

/** The agent signs in with the role of its instance. */
function registers(
  { caller, region }: Instance,
  { account, id }: InstanceView,
  { iam, clock }: Pick<NodesPorts, 'iam' | 'clock'>,
): boolean {
  const question = {
    action: 'ssm:UpdateInstanceInformation',
    resource: `arn:aws:ec2:${region}:${account}:instance/${id}`,
  };
  return caller !== undefined && iam.decide(caller, question, { region, now: clock.now() }).allowed;
}

/**
 * A pull by the kubelet. Its credential provider asks with the role of the instance.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
 */
function pull(
  { clock, ecr, dockerHub, iam }: Pick<NodesPorts, 'clock' | 'ecr' | 'dockerHub' | 'iam'>,
  { caller, region }: Instance,
  image: string,
): PullResult {
  const mayAsk = (of: Caller, question: Parameters<IamService['decide']>[1]): boolean =>
    iam.decide(of, question, { region, now: clock.now() }).allowed;
  if (!dockerHub.has(image)) return { ok: false, reason: `${image}: not found` };
  const result = ecr.pull(image, (question) => caller !== undefined && mayAsk(caller, question));
  if (result.ok) return { ok: true };
  return { ok: false, reason: result.reason.replace(/^Cannot\w+Error: /, '') };
}
