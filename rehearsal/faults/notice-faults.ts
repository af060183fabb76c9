import type { NoticeEntry } from '../../contract';
import type { Effect, Fault } from './fault';

type Channel = NoticeEntry['channel'];

/** A channel that people cannot be told through. */
export interface ChannelFault extends Fault {
  readonly channel: Channel;
  /** Texts that the log or the annotations of the job must contain. */
  readonly says: readonly string[];
}

const channelFault = (
  channel: Channel,
  title: string,
  effect: Effect,
  says: readonly string[],
): ChannelFault => ({
  name: `notify:${channel}-fails`,
  title,
  effects: [{ when: 'atStart', effect }],
  channel,
  says,
});

export const CHANNEL_FAULTS: readonly ChannelFault[] = [
  channelFault('slack', 'Slack is down', { kind: 'channelDown', channel: 'slack' }, [
    'NoticeNotSent',
    'Slack, by secret',
    'status 503',
  ]),
  channelFault('pagerDuty', 'PagerDuty is down', { kind: 'channelDown', channel: 'pagerDuty' }, [
    'NoticeNotSent',
    'PagerDuty, by secret',
    'status 503',
  ]),
  channelFault(
    'email',
    'the role may not publish to the topic',
    { kind: 'disturb', action: 'sns:Publish', disturbance: 'denied' },
    ['NoticeNotSent', 'sns:Publish'],
  ),
  {
    name: 'notify:sign-in-denied',
    title: 'the role does not let the job in that tells people',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'disturb',
          action: 'sts:AssumeRoleWithWebIdentity',
          disturbance: 'denied',
          by: 'notify',
        },
      },
    ],
    channel: 'email',
    says: ['Not authorized to perform sts:AssumeRoleWithWebIdentity', 'NoticeNotSent'],
  },
];

/** GitHub cannot say how the deployment before ended. Runs go on. */
export const GITHUB_API_DOWN: Fault = {
  name: 'github:api-down',
  title: "GitHub's API is down",
  effects: [{ when: 'atStart', effect: { kind: 'githubApiDown' } }],
};

export const NOTICE_FAULTS: readonly Fault[] = [...CHANNEL_FAULTS, GITHUB_API_DOWN];
