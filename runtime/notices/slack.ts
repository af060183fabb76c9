import type { Request } from '../exchange';
import type { Notice } from './notice';

/**
 * A message to an incoming webhook.
 *
 * @param webhook its address, which is a secret
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function slackRequest(webhook: string, { kind, title, detail, link }: Notice): Request {
  const mark = kind === 'failure' ? ':red_circle:' : ':large_green_circle:';
  const text = `${mark} *${escaped(title)}*\n${escaped(detail)}\n<${escaped(link)}|The run>`;
  return {
    method: 'POST',
    url: webhook,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ text }),
  };
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
