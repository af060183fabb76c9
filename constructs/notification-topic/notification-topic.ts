import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { AwsCall } from '../../contract';

export interface NotificationTopicProps {
  /** Of the topic: its account and region are known before anything is deployed, so that its ARN is. */
  readonly account: string;
  readonly region: string;
  readonly topicName: string;
  /** Mail addresses. Amazon asks each of them to confirm, and sends nothing before. At least one. */
  readonly subscribers: readonly string[];
}

/**
 * A topic that sends mail about one target. Messages are encrypted where they are kept, and taken over TLS only.
 *
 * The key is the one that AWS manages for SNS: its policy lets everybody use it who may publish in the account, so the
 * role that publishes needs no permission of KMS.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
 */
export class NotificationTopic extends Construct {
  readonly topicArn: string;

  constructor(
    scope: Construct,
    id: string,
    { account, region, topicName, subscribers }: NotificationTopicProps,
  ) {
    super(scope, id);
    this.topicArn = `arn:aws:sns:${region}:${account}:${topicName}`;
    const topic = new Topic(this, 'Topic', {
      topicName,
      masterKey: Alias.fromAliasName(this, 'Key', 'alias/aws/sns'),
      enforceSSL: true,
    });
    for (const subscriber of subscribers) topic.addSubscription(new EmailSubscription(subscriber));
  }

  /** What a job calls that sends mail. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
  calls(): AwsCall[] {
    return [{ action: 'sns:Publish', resources: [this.topicArn] }];
  }
}
