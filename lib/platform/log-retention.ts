import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Fault } from '../../contract';

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export function logRetentionFaults(days: number, place: string): Fault[] {
  const offered = Object.values(RetentionDays).filter((value): value is number => typeof value === 'number');
  if (offered.includes(days)) return [];
  return [
    {
      place: `${place}.logRetention`,
      value: `${days} days`,
      allowed: `${offered.filter((value) => value <= 731).join(', ')} or more, as CloudWatch Logs offers`,
      change: 'choose one of these',
    },
  ];
}
