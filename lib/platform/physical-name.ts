/** A name that AWS knows a thing by. */
export interface PhysicalName {
  /** What is named, such as `cluster`. */
  readonly what: string;
  /** Account, account and region, or everything: where the name must be single. */
  readonly where: string;
  readonly name: string;
  /** Field of the workload that decides it. */
  readonly field: string;
  /** Most characters that AWS allows. @default - the rule cannot make a name that is too long */
  readonly longest?: number;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_NAME_LIMIT = 64;

/** A role whose name follows from platform, workload and environment. */
export const roleName = (name: string, account: string): PhysicalName => ({
  what: 'role',
  where: account,
  name,
  field: 'id',
  longest: ROLE_NAME_LIMIT,
});
