import type { AwsService } from '../aws/service';
import type { ChannelMessage, ChannelName, ChannelsState } from './state';

/**
 * Slack and PagerDuty, as far as people are told through them. They are no services of AWS; they stand among them because
 * their state is part of a situation.
 */
export class Channels implements AwsService {
  readonly signingName = 'channels';
  readonly protocol = 'json';
  readonly schemas = {};
  readonly operations = {};
  readonly makes = {};
  state: ChannelsState = {
    messages: [],
    incidents: new Set(),
    admitted: { slack: new Set(), pagerDuty: new Set() },
    down: new Set(),
  };

  leftovers(): readonly string[] {
    return [];
  }

  /** A channel knows this secret from now on. */
  admit(channel: ChannelName, secret: string): void {
    this.state.admitted[channel].add(secret);
  }

  /** A channel answers nobody any more, with 503. */
  breakDown(channel: ChannelName): void {
    this.state.down.add(channel);
  }

  /** Every channel works again. */
  mend(): void {
    this.state.down.clear();
  }

  /** A message arrives. What PagerDuty hears opens an incident, or resolves it. */
  hear(message: ChannelMessage): void {
    this.state.messages.push(message);
    if (message.channel !== 'pagerDuty') return;
    if (message.kind === 'failure') this.state.incidents.add(message.about);
    else this.state.incidents.delete(message.about);
  }
}
