import { PublishCommand } from '@aws-sdk/client-sns';
import type { ContractRow } from '../row';
import { TOPIC } from '../tested-account';

const TopicArn = TOPIC;

export const SNS: readonly ContractRow[] = [
  {
    operation: 'Publish',
    call: ({ sns }) => sns.send(new PublishCommand({ TopicArn, Subject: 'hello', Message: 'to everybody' })),
    answer: { MessageId: expect.any(String) as unknown },
    asks: ['sns:Publish'],
  },
];
