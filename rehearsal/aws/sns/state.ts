/** Everything that the model of SNS remembers. */
export interface SnsState {
  /** By ARN. */
  readonly topics: Map<string, Topic>;
}

export interface Topic {
  readonly arn: string;
  /** Policy document. @default - only the account that owns the topic may use it */
  policy?: unknown;
  readonly subscriptions: readonly Subscription[];
  /** In the order in which they were published. */
  readonly messages: readonly PublishedMessage[];
}

export interface Subscription {
  readonly protocol: 'email';
  readonly endpoint: string;
}

export interface PublishedMessage {
  /** Milliseconds since the epoch, of virtual time. */
  readonly at: number;
  readonly subject: string;
  readonly text: string;
}
