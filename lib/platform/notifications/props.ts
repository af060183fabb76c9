/** Who hears of a deployment that failed, and of the one that is well again. At least one channel. */
export interface NotificationsProps {
  /** An incoming webhook of Slack. @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
  readonly slack?: {
    /** Name of the GitHub secret with the address of the webhook. @default 'SLACK_WEBHOOK_URL' */
    readonly secret?: string;
  };
  /**
   * An integration of PagerDuty's Events API v2. A failure opens an incident; the deployment that is well again
   * resolves it.
   *
   * @see https://developer.pagerduty.com/docs/send-alert-event
   */
  readonly pagerDuty?: {
    /** Name of the GitHub secret with the integration key. @default 'PAGERDUTY_ROUTING_KEY' */
    readonly secret?: string;
  };
  /** Addresses that get mail through a topic of Amazon SNS. Each has to confirm before it gets any. */
  readonly email?: readonly string[];
}
