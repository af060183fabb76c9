/**
 * What can go wrong with a call on its way, whatever the service. `throttle`, `serverError`, `denied` and
 * `expired` are answers; `reset` closes the connection after the operation has taken effect, so that the caller
 * cannot know; `refused` closes it before. Requests of the Docker registry protocol are closed before in either
 * case.
 */
export type Disturbance = 'throttle' | 'serverError' | 'denied' | 'expired' | 'reset' | 'refused';

/** Disturbs the next calls of some actions. */
export interface Weather {
  /** IAM action, with `*` as wildcard: `ecs:*`. */
  readonly action: string;
  readonly disturbance: Disturbance;
  /** How many calls. @default - all */
  readonly times?: number;
  /** How many calls pass undisturbed before. @default 0 */
  readonly after?: number;
  /** Calls of this role only, by ARN. @default - of everybody */
  readonly role?: string;
}
