import { refuseOthers } from '../modelled-members';
import type { Place } from '../place';
import { ApiFault, type Call, type Input, page } from '../service';
import type { Agent, SsmState } from './state';

/** An instance as Systems Manager needs to know it. */
export interface ManagedInstance extends Place {
  readonly id: string;
  readonly instanceType: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly isRunning: boolean;
  /** False where its role does not let its agent in. */
  readonly isRegistered: boolean;
}

export type InstancesAt = (place: Place) => readonly ManagedInstance[];

/** Any agent of today. */
const USUAL: Agent = { ping: 'Online', version: '3.3.3572.0', delivery: 'delivered' };

export function agentOf({ agents }: SsmState, { id, isRunning }: ManagedInstance): Agent {
  const agent = agents.get(id) ?? USUAL;
  return isRunning ? agent : { ...agent, ping: 'ConnectionLost', delivery: 'never' };
}

/** Smallest and largest page. */
const PAGE = [5, 50] as const;

/**
 * Instances whose agent has signed in. Those that were terminated are gone.
 *
 * @throws ApiFault `InvalidInstanceInformationFilterValue`, `InvalidInstanceId`
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
 */
export function describeInstances(state: SsmState, at: InstancesAt, input: Input, call: Call): object {
  refuseOthers('ssm:DescribeInstanceInformation', input, ['Filters', 'MaxResults', 'NextToken']);
  const { MaxResults: maxResults, NextToken: nextToken } = input;
  if (maxResults !== undefined && (Number(maxResults) < PAGE[0] || Number(maxResults) > PAGE[1])) {
    throw new ApiFault('ValidationException', `MaxResults: ${PAGE.join(' to ')}`);
  }
  const found = at(call)
    .filter(({ isRegistered }) => isRegistered)
    .filter(filterOf(state, input));
  const asked = {
    ...(maxResults !== undefined && { maxResults }),
    ...(nextToken !== undefined && { nextToken }),
  };
  const paged = page(asked, found, PAGE[1]);
  return {
    InstanceInformationList: paged.items.map((each) => describe(state, each, call.now)),
    ...(paged.nextToken !== undefined && { NextToken: paged.nextToken }),
  };
}

function describe(state: SsmState, instance: ManagedInstance, now: number): object {
  const { ping, version } = agentOf(state, instance);
  return {
    InstanceId: instance.id,
    PingStatus: ping,
    LastPingDateTime: new Date(ping === 'Online' ? now : now - 3_600_000),
    AgentVersion: version,
    IsLatestVersion: ping === 'Online',
    PlatformType: 'Linux',
    PlatformName: 'Amazon Linux',
    PlatformVersion: '2023',
    ResourceType: 'EC2Instance',
  };
}

function filterOf(state: SsmState, { Filters = [] }: Input): (instance: ManagedInstance) => boolean {
  const filters = (Filters as readonly { readonly Key: string; readonly Values: readonly string[] }[]).map(
    ({ Key, Values }) => {
      const read = valueOf(state, Key);
      return (instance: ManagedInstance) => Values.includes(read(instance));
    },
  );
  return (instance) => filters.every((fits) => fits(instance));
}

function valueOf(state: SsmState, key: string): (instance: ManagedInstance) => string {
  const [, tag] = /^tag:(.+)$/.exec(key) ?? [];
  if (tag !== undefined) return ({ tags }) => tags[tag] ?? '';
  if (key === 'InstanceIds') return ({ id }) => id;
  if (key === 'PingStatus') return (instance) => agentOf(state, instance).ping;
  throw new ApiFault(
    'InvalidInstanceInformationFilterValue',
    `the rehearsal does not model the filter ${key}`,
  );
}
