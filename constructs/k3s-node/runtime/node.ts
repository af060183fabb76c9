import { DescribeInstancesCommand, type EC2Client, type Instance } from '@aws-sdk/client-ec2';
import {
  DescribeInstanceInformationCommand,
  type InstanceInformation,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { LockstepError } from '../../../contract';
import { callAws, paged } from '../../aws-client';
import { type K3sNodeSpec, NODE_TAG } from '../spec';

/** The node as EC2 and Systems Manager see it. */
export interface Node {
  readonly instance: string;
  /** Such as `running`. */
  readonly state: string;
  /** Such as `Online`; absent where Systems Manager does not know the instance. */
  readonly ping?: string;
  readonly agentVersion?: string;
}

/** Instances that have ended are listed for about an hour. */
const EXISTING = ['pending', 'running', 'stopping', 'stopped'];

/** Finds the one instance with the tag of the target. */
export class NodeFinder {
  constructor(
    private readonly ec2: EC2Client,
    private readonly ssm: SSMClient,
    private readonly spec: K3sNodeSpec,
    private readonly stack: string,
  ) {}

  /**
   * The one node, whatever state it is in.
   *
   * @throws LockstepError `NodeNotFound` when there is none or more than one
   */
  async find(): Promise<Node> {
    const instances = await this.instances();
    const [instance, ...others] = instances;
    const id = instance?.InstanceId;
    if (!instance || id === undefined || others.length > 0) throw this.notFound(instances);
    const { PingStatus: ping, AgentVersion: agentVersion } = (await this.information(id)) ?? {};
    return {
      instance: id,
      state: instance.State?.Name ?? 'unknown',
      ...(ping === undefined ? {} : { ping }),
      ...(agentVersion === undefined ? {} : { agentVersion }),
    };
  }

  /**
   * The one node, ready to take a command.
   *
   * @throws LockstepError `NodeNotFound` or `NodeUnreachable`
   */
  async ready(): Promise<Node> {
    const node = await this.find();
    if (node.state === 'running' && node.ping === 'Online') return node;
    throw nodeUnreachable(
      node.instance,
      node.state === 'running' ? `its SSM agent is ${node.ping ?? 'unknown to Systems Manager'}` : node.state,
    );
  }

  /** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
  private async instances(): Promise<readonly Instance[]> {
    const reservations = await paged(
      'ec2:DescribeInstances',
      async ({ nextToken: NextToken }) => {
        const page = await callAws('ec2:DescribeInstances', () =>
          this.ec2.send(
            new DescribeInstancesCommand({
              Filters: [
                { Name: `tag:${NODE_TAG}`, Values: [this.spec.nodeTag] },
                { Name: 'instance-state-name', Values: EXISTING },
              ],
              ...(NextToken === undefined ? {} : { NextToken }),
            }),
          ),
        );
        return { nextToken: page.NextToken, reservations: page.Reservations };
      },
      (page) => page.reservations,
    );
    return reservations.flatMap(({ Instances = [] }) => Instances);
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html */
  private async information(instance: string): Promise<InstanceInformation | undefined> {
    const { InstanceInformationList = [] } = await callAws('ssm:DescribeInstanceInformation', () =>
      this.ssm.send(
        new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instance] }] }),
      ),
    );
    return InstanceInformationList[0];
  }

  private notFound(instances: readonly Instance[]): LockstepError {
    const found = instances.map(({ InstanceId, State }) => `${InstanceId ?? '?'} (${State?.Name ?? '?'})`);
    return new LockstepError('NodeNotFound', {
      place: `instances with the tag ${NODE_TAG}=${this.spec.nodeTag}`,
      value: found.length === 0 ? 'none' : found.join(', '),
      allowed: 'exactly one',
      change:
        found.length === 0
          ? `run \`npx cdk deploy ${this.stack}\``
          : 'end the instances that the stack does not list, or take the tag off them',
    });
  }
}

export const nodeUnreachable = (instance: string, value: string): LockstepError =>
  new LockstepError('NodeUnreachable', {
    place: `instance ${instance}`,
    value,
    allowed: 'a running instance whose SSM agent is Online',
    change: 'start the instance, or restart its SSM agent and look at its way to Systems Manager',
  });
