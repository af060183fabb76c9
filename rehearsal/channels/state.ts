/** What somebody was told. */
export type Told = 'failure' | 'recovery';

/** A message that came to a channel. */
export interface ChannelMessage {
  /** Milliseconds since the epoch, of virtual time. */
  readonly at: number;
  readonly channel: ChannelName;
  readonly kind: Told;
  /** What it is about: text of Slack, deduplication key of PagerDuty. */
  readonly about: string;
}

export const CHANNELS = ['slack', 'pagerDuty'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** Everything that the stand-ins of Slack and PagerDuty remember. */
export interface ChannelsState {
  readonly messages: ChannelMessage[];
  /** Keys of incidents that are open at PagerDuty. */
  readonly incidents: Set<string>;
  /** Values of the secrets by which each channel lets people in. */
  readonly admitted: Readonly<Record<ChannelName, Set<string>>>;
  /** Channels that answer with 503. */
  readonly down: Set<ChannelName>;
}
