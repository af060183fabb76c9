import { z } from 'zod';
import type { RawHandler } from '../aws/raw-handler';
import type { Channels } from './channels';

/** First parts of the paths: on loopback, the host stands there. */
export const SLACK_HOST = 'hooks.slack.com';
export const PAGERDUTY_HOST = 'events.pagerduty.com';

export const slackWebhook = (endpoint: string, secret: string): string =>
  `${endpoint}/${SLACK_HOST}/services/${secret}`;
export const pagerDutyUrl = (endpoint: string): string => `${endpoint}/${PAGERDUTY_HOST}/v2/enqueue`;

interface Answer {
  readonly status: number;
  readonly body: string;
}

type Handle = (path: string, body: unknown, now: number) => Answer;

const UNAVAILABLE: Answer = { status: 503, body: 'unavailable' };

const SlackMessage = z.strictObject({ text: z.string().min(1) });

/** @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks (errors) */
export const slackHandler = (channels: Channels, now: () => number): RawHandler =>
  handler(now, (path, body, at) => {
    const { admitted, down } = channels.state;
    if (down.has('slack')) return UNAVAILABLE;
    const [, secret = ''] = new RegExp(`^/${SLACK_HOST}/services/([^/]+)$`).exec(path) ?? [];
    if (!admitted.slack.has(secret)) return { status: 403, body: 'invalid_token' };
    const message = SlackMessage.safeParse(body);
    if (!message.success) return { status: 400, body: 'invalid_payload' };
    const { text } = message.data;
    const kind = text.startsWith(':red_circle:') ? 'failure' : 'recovery';
    channels.hear({ at, channel: 'slack', kind, about: text });
    return { status: 200, body: 'ok' };
  });

const PagerDutyEvent = z.strictObject({
  routing_key: z.string(),
  event_action: z.enum(['trigger', 'resolve']),
  dedup_key: z.string().min(1).max(255),
  payload: z.strictObject({
    summary: z.string().min(1).max(1024),
    source: z.string().min(1),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    custom_details: z.record(z.string(), z.unknown()).optional(),
  }),
  links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
});

/** @see https://developer.pagerduty.com/docs/send-alert-event (responses) */
export const pagerDutyHandler = (channels: Channels, now: () => number): RawHandler =>
  handler(now, (path, body, at) => {
    const { admitted, down } = channels.state;
    if (down.has('pagerDuty')) return UNAVAILABLE;
    if (path !== `/${PAGERDUTY_HOST}/v2/enqueue`) return { status: 404, body: 'Not Found' };
    const event = PagerDutyEvent.safeParse(body);
    if (!event.success || !admitted.pagerDuty.has(event.data.routing_key))
      return { status: 400, body: JSON.stringify({ status: 'invalid event' }) };
    const { event_action: action, dedup_key: about } = event.data;
    channels.hear({ at, channel: 'pagerDuty', kind: action === 'trigger' ? 'failure' : 'recovery', about });
    return { status: 202, body: JSON.stringify({ status: 'success', dedup_key: about }) };
  });

const handler =
  (now: () => number, handle: Handle): RawHandler =>
  ({ method, url = '/' }, body, response) => {
    const { pathname } = new URL(url, 'http://channel');
    const answer = method === 'POST' ? handle(pathname, parsed(body), now()) : { status: 405, body: '' };
    response.writeHead(answer.status, { 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
  };

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
