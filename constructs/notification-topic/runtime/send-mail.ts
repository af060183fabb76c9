import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { AwsConnection } from '../../../contract';
import { callAws, clientOptions } from '../../aws-client';

export interface Mail {
  readonly topicArn: string;
  readonly subject: string;
  readonly text: string;
}

const LONGEST_SUBJECT = 100;

/**
 * Sends mail to everybody who subscribed to a topic and confirmed it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (a subject: ASCII, one line, at most 100 characters)
 * @throws LockstepError `AwsCallFailed`
 */
export async function sendMail(connection: AwsConnection, { topicArn, subject, text }: Mail): Promise<void> {
  const sns = new SNSClient(clientOptions(connection));
  try {
    const line = subject.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_SUBJECT);
    await callAws('sns:Publish', () =>
      sns.send(new PublishCommand({ TopicArn: topicArn, Subject: line, Message: text })),
    );
  } finally {
    sns.destroy();
  }
}
