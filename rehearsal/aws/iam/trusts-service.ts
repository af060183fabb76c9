import { z } from 'zod';
import { evaluate, parsePolicy, type RequestContext } from '../../../proofs/iam';
import type { StoredRole } from './state';

const trustSchema = z.looseObject({
  Version: z.string().optional(),
  Statement: z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(z.looseObject({ Principal: z.unknown() })),
  ),
});

/**
 * Whether a service of AWS may take up a role for its account. Only statements that name the service count, each without
 * its principal.
 *
 * @param service such as `ecs.amazonaws.com`
 * @param keys condition keys that the service sends besides the account, such as `aws:SourceArn`
 * @throws LockstepError `UnsupportedPolicy` where the answer would be a guess
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trustsService(
  { name, arn, account, trust }: StoredRole,
  service: string,
  keys: RequestContext = {},
): boolean {
  const read = trustSchema.safeParse(trust);
  if (!read.success) return false;
  const { Version = '2012-10-17', Statement } = read.data;
  const own = Statement.filter(({ Principal }) => services(Principal).includes(service));
  if (own.length === 0) return false;
  const statements = own.map(({ Principal: _, ...rest }) => ({ ...rest, Resource: '*' }));
  const policy = parsePolicy(`trust of ${name}`, { Version, Statement: statements }, 'identity');
  const context = { 'aws:SourceAccount': account, ...keys };
  const request = { action: 'sts:AssumeRole', resource: arn, context };
  return evaluate({ identity: [policy] }, request).effect === 'allowed';
}

const services = (principal: unknown): readonly unknown[] =>
  typeof principal === 'object' && principal !== null && 'Service' in principal
    ? [principal.Service].flat()
    : [];
