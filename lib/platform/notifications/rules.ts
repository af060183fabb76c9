import type { Fault } from '../../../contract';
import type { Notifications } from './resolve';

/** Mail that would go to somebody twice. Amazon makes one subscription of both, and CloudFormation fails. */
export function subscriberFaults(
  { subscribers }: Pick<Notifications, 'subscribers'>,
  place: string,
): Fault[] {
  return subscribers.flatMap((address, index): Fault[] => {
    const first = subscribers.findIndex((other) => other.toLowerCase() === address.toLowerCase());
    if (first === index) return [];
    return [
      {
        place: `${place}.notifications.email[${index}]`,
        value: `"${address}", which is email[${first}] already`,
        allowed: 'each address once',
        change: 'remove one of the two',
      },
    ];
  });
}
