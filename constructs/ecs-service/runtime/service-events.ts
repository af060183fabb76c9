import type { Service } from '@aws-sdk/client-ecs';

/** Message of ECS about a service. */
export interface ServiceEvent {
  readonly id: string;
  readonly message: string;
}

/** Events since a time, newest first: those before it tell of earlier deployments. */
export function eventsSince({ events }: Service, since: Date): readonly ServiceEvent[] {
  return (events ?? [])
    .filter(({ createdAt }) => (createdAt ?? new Date(0)) >= since)
    .map(({ id = '', message = '' }) => ({ id, message }));
}

/**
 * True when the message says that a task found no instance with enough room.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export const saysNoPlace = (message: string): boolean => /unable to place a task/i.test(message);
