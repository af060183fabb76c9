import type { Before } from '../delivery/delivery-before';

/** Result of a job, as `needs.<job>.result` says it. */
export const JOB_RESULTS = ['success', 'failure', 'cancelled', 'skipped'] as const;
export type JobResult = (typeof JOB_RESULTS)[number];

/** What a run came to in one environment. */
export interface Delivery {
  /**
   * `notStarted`: GitHub ended the job before a step ran.
   *
   * @default - nothing was deployed: somebody rolled back by hand
   */
  readonly deployment?: JobResult | 'notStarted';
  readonly rollback?: JobResult;
}

/** What people are told, whichever channel carries it. */
export interface Notice {
  readonly kind: 'failure' | 'recovery';
  /** `critical` where a person has to act at once, because nothing led back. */
  readonly severity: 'error' | 'critical' | 'info';
  /** One line. */
  readonly title: string;
  readonly detail: string;
  /** The same for every notice about the same target: what opened an incident, resolves it. */
  readonly key: string;
  /** Workload and environment, such as `shop in staging`. */
  readonly subject: string;
  /** Address of the run. */
  readonly link: string;
}

/** Which target and run a notice is about. */
export interface NoticeContext {
  readonly platform: string;
  readonly workload: string;
  readonly environment: string;
  readonly commit: string;
  readonly link: string;
}

/** What is told of a run: bad news each time, good news only after bad ones. */
export type Told = { readonly notice: Notice } | { readonly silence: string };

/**
 * @param before how the deployment before ended; `unknown` where GitHub could not say it. Asked for only when a
 * deployment succeeded.
 */
export function noticeOf(delivery: Delivery, before: Before | 'unknown', context: NoticeContext): Told {
  const { deployment, rollback } = delivery;
  const make = noticeIn(context);
  const place = `${context.workload} in ${context.environment}`;
  if (deployment === undefined) return byHand(rollback, place, make);
  if (deployment === 'failure') return { notice: make(failed(rollback, context)) };
  if (deployment === 'notStarted')
    return { silence: 'the deployment was not started: rejected or expired approval' };
  if (deployment !== 'success') return { silence: `the deployment was ${deployment}: nothing to tell` };
  switch (before) {
    case 'failed':
      return {
        notice: make({
          kind: 'recovery',
          severity: 'info',
          title: `${place} is well again`,
          detail: `Commit ${context.commit} was deployed and verified; the deployment before had failed.`,
        }),
      };
    case 'succeeded':
      return { silence: 'the deployment succeeded, as the one before: nothing to tell' };
    case 'neverRan':
      return { silence: 'the deployment succeeded, and GitHub knows of none before: nothing to tell' };
    case 'unknown':
      return { silence: 'the deployment succeeded; GitHub could not say how the one before ended' };
  }
}

type Own = Pick<Notice, 'kind' | 'severity' | 'title' | 'detail'>;

const noticeIn =
  ({ platform, workload, environment, link }: NoticeContext) =>
  (own: Own): Notice => ({
    ...own,
    key: `${platform}/${workload}/${environment}`,
    subject: `${workload} in ${environment}`,
    link,
  });

function byHand(rollback: JobResult | undefined, place: string, make: (own: Own) => Notice): Told {
  switch (rollback) {
    case 'success':
      return {
        notice: make({
          kind: 'recovery',
          severity: 'info',
          title: `${place} was rolled back by hand`,
          detail: 'The version that somebody chose runs and was verified.',
        }),
      };
    case 'failure':
      return {
        notice: make({
          kind: 'failure',
          severity: 'error',
          title: `${place} could not be rolled back by hand`,
          detail: 'The summary of the run says why, and what runs there now.',
        }),
      };
    case 'cancelled':
    case 'skipped':
    case undefined:
      return { silence: `the rollback was ${rollback ?? 'not run'}: nothing to tell` };
  }
}

function failed(rollback: JobResult | undefined, { workload, environment, commit }: NoticeContext): Own {
  return {
    kind: 'failure',
    severity: rollback === 'success' ? 'error' : 'critical',
    title: `${workload} was not deployed to ${environment}`,
    detail: `The deployment of commit ${commit} failed. ${wayBack(rollback)}`,
  };
}

function wayBack(rollback: JobResult | undefined): string {
  switch (rollback) {
    case 'success':
      return 'The way back succeeded: what ran before runs.';
    case 'failure':
      return 'The way back failed too: a person has to look at once.';
    case 'cancelled':
    case 'skipped':
    case undefined:
      return 'Nothing led back: a person has to look at once.';
  }
}
