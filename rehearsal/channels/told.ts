import type { DeployManifest, NoticeEntry, TargetEntry } from '../../contract';
import type { World } from '../aws/world';
import type { FinalState } from '../scenarios/scenario';
import type { Told } from './state';

type Channel = NoticeEntry['channel'];

/** Channels by which people hear of a workload. */
export const channelsOf = ({ workloads }: DeployManifest, { workload }: TargetEntry): readonly Channel[] =>
  (workloads.find(({ id }) => id === workload)?.notices ?? []).map(({ channel }) => channel);

/** Name of the fact that says what a channel told. */
export const toldBy = (channel: Channel): string => `told by ${channel}`;

/** What each channel should have told. */
export const toldFacts = (channels: readonly Channel[], told: Told | 'nothing'): FinalState => ({
  ...Object.fromEntries(channels.map((channel) => [toldBy(channel), told])),
  ...(told !== 'nothing' &&
    channels.includes('pagerDuty') && { [INCIDENT]: told === 'failure' ? 'open' : 'none' }),
});

const INCIDENT = 'incident at PagerDuty';

/** What each channel told about a target since a moment, in its order. */
export function toldAbout(
  world: World,
  manifest: DeployManifest,
  target: TargetEntry,
  since: number,
): FinalState {
  const { workload, environment } = target;
  const channels = channelsOf(manifest, target);
  const key = `${manifest.platform}/${workload}/${environment}`;
  const names = new RegExp(`\\b${workload} (was not deployed to|in) ${environment}\\b`);
  const heard = (channel: Channel): readonly Told[] => {
    if (channel === 'email') {
      const mail = world.sns.messages(target.postbox?.topicArn ?? '').filter(({ at }) => at >= since);
      return mail.filter(({ text }) => names.test(text)).map(({ subject }) => kindOf(subject));
    }
    return world.channels.state.messages
      .filter((message) => message.channel === channel && message.at >= since)
      .filter(({ about }) => (channel === 'slack' ? names.test(about) : about === key))
      .map(({ kind }) => kind);
  };
  return {
    ...Object.fromEntries(
      channels.map((channel) => [toldBy(channel), heard(channel).join(', ') || 'nothing']),
    ),
    ...(channels.includes('pagerDuty') && {
      [INCIDENT]: world.channels.state.incidents.has(key) ? 'open' : 'none',
    }),
  };
}

const kindOf = (subject: string): Told =>
  / is well again$| was rolled back by hand$/.test(subject) ? 'recovery' : 'failure';
