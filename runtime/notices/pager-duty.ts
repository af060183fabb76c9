import type { Request } from '../exchange';
import type { Notice } from './notice';

export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

/**
 * An event that opens an incident, or resolves the one that was opened under the same key.
 *
 * @param routingKey integration key, a secret
 * @see https://developer.pagerduty.com/docs/send-alert-event
 */
export function pagerDutyRequest(url: string, routingKey: string, notice: Notice): Request {
  const { kind, severity, title, detail, key, subject, link } = notice;
  const event = {
    routing_key: routingKey,
    event_action: kind === 'failure' ? 'trigger' : 'resolve',
    dedup_key: key,
    payload: { summary: title, source: subject, severity, custom_details: { detail } },
    links: [{ href: link, text: 'The run' }],
  };
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  };
}
