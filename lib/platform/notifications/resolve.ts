import type { NoticeEntry } from '../../../contract';
import type { ParsedNotifications } from './schema';

/** What a workload knows of those who hear of it. */
export interface Notifications {
  /** Each channel once. Empty: nobody is told. */
  readonly notices: readonly NoticeEntry[];
  /** Addresses that get mail. Empty without the channel `email`. */
  readonly subscribers: readonly string[];
}

/** Fills in the defaults that the props document. */
export function resolveNotifications(props: ParsedNotifications | undefined): Notifications {
  const { slack, pagerDuty, email } = props ?? {};
  return {
    notices: [
      ...(slack ? [{ channel: 'slack', secret: slack.secret ?? 'SLACK_WEBHOOK_URL' } as const] : []),
      ...(pagerDuty
        ? [{ channel: 'pagerDuty', secret: pagerDuty.secret ?? 'PAGERDUTY_ROUTING_KEY' } as const]
        : []),
      ...(email ? [{ channel: 'email' } as const] : []),
    ],
    subscribers: email ?? [],
  };
}
