import { z } from 'zod';
import { secretName } from '../fields';

/** The job hands a secret on as a variable of its name: others that it sets, or programs act on, are taken. */
const TAKEN =
  /^(?:DEPLOYMENT|ROLLBACK|GH_TOKEN|PATH|HOME|CI|BASH_ENV|ENV|LD_\w*|NODE_\w*|AWS_\w*|RUNNER_\w*|ACTIONS_\w*|LOCKSTEP_\w*|(?:HTTPS?|NO|ALL)_PROXY|SSL_\w*)$/;

const throughSecret = z.strictObject({
  secret: secretName
    .refine(
      (name) => !TAKEN.test(name),
      'a secret name that is no variable of the job, such as SLACK_WEBHOOK_URL',
    )
    .optional(),
});

/** Subscribed as it is written. */
const address = z.email('a mail address such as on-call@example.com');

export const notificationsSchema = z
  .strictObject({
    slack: throughSecret.optional(),
    pagerDuty: throughSecret.optional(),
    email: z.array(address).min(1, 'at least one address').optional(),
  })
  .refine(
    ({ slack, pagerDuty, email }) => (slack ?? pagerDuty ?? email) !== undefined,
    'at least one channel: slack, pagerDuty or email',
  );

export type ParsedNotifications = z.infer<typeof notificationsSchema>;
