import { z } from 'zod';
import { awsCallSchema } from './aws-call';

/** Name of a GitHub secret that holds what a channel is reached by. It is one of `secrets`, in the environments of its jobs. */
const secret = z.string();

/** A channel that people are told through when a deployment failed, and when it is well again. */
export const noticeSchema = z.discriminatedUnion('channel', [
  /** An incoming webhook. @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
  z.strictObject({ channel: z.literal('slack'), secret }),
  /**
   * An integration of the Events API v2: an incident opens, and is resolved by the deployment that is well again.
   *
   * @see https://developer.pagerduty.com/docs/send-alert-event
   */
  z.strictObject({ channel: z.literal('pagerDuty'), secret }),
  /** Subscribers of the target's topic. Amazon asks each address to confirm before it gets mail. */
  z.strictObject({ channel: z.literal('email') }),
]);

/** The topic that mail about one target is sent through. */
export const postboxSchema = z.strictObject({
  topicArn: z.string(),
  /** Role id; jobs that write assume it in the rollback environment, for bad news waits for no approval. */
  role: z.string(),
  calls: z.array(awsCallSchema).readonly(),
});

export type NoticeEntry = z.infer<typeof noticeSchema>;
export type PostboxEntry = z.infer<typeof postboxSchema>;
