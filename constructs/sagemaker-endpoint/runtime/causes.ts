/** What a reason of SageMaker means, and what to do about it. */
export interface Cause {
  readonly cause: string;
  readonly remedy: string;
}

interface Known extends Cause {
  readonly reason: RegExp;
}

/**
 * Reasons as SageMaker words them. The first that matches counts.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployed-model-not-working.html
 */
const KNOWN: readonly Known[] = [
  {
    reason: /ping health check/i,
    cause: 'the container does not answer GET /ping on port 8080 with 200 in time',
    remedy:
      'read the last lines of the container; run the image with the model on your machine and call /ping',
  },
  {
    reason: /CannotStartContainer|container .*exited|failed to start|out of memory/i,
    cause: 'the container ended right after its start',
    remedy: 'read the last lines of the container; SageMaker starts it with the argument `serve`',
  },
  {
    reason: /ResourceLimitExceeded|service limit|quota/i,
    cause: 'the account may not have so many instances of this type',
    remedy:
      'ask for a higher quota: a blue/green update needs twice the instances; `Rolling` needs fewer at a time',
  },
  {
    reason: /InsufficientInstanceCapacity|capacity error|insufficient capacity|unable to provision/i,
    cause: 'AWS has no free instances of this type in the region',
    remedy: 'deploy again later, choose another instance type, or update with `Rolling`',
  },
  {
    reason: /alarm/i,
    cause: 'an alarm went off while the update was watched',
    remedy: 'look at the metric behind the alarm at the time of the update',
  },
  {
    reason: /model data|model artifact|s3:\/\/|download.*model/i,
    cause: 'the execution role could not read the model artifact',
    remedy:
      'check that the artifact still exists under its key, and that the stack of this environment is deployed',
  },
  {
    reason: /requested image|cannot pull|pull permission|\bECR\b/i,
    cause: 'the execution role could not pull the image',
    remedy: 'check that the digest is in the repository, and that its policy admits this account',
  },
];

export function causeOf(reason: string): Cause {
  const known = KNOWN.find((each) => each.reason.test(reason));
  if (known) return { cause: known.cause, remedy: known.remedy };
  return { cause: reason, remedy: 'read the last lines of the container, then deploy again' };
}
