import { z } from 'zod';
import { evaluate, parsePolicy } from '../../../proofs/iam';
import type { StoredRole } from '../iam';

const SERVICE = 'sagemaker.amazonaws.com';

const trustSchema = z.looseObject({
  Version: z.string().optional(),
  Statement: z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(z.looseObject({ Principal: z.unknown() })),
  ),
});

/**
 * Whether SageMaker may take up an execution role for an account. Only statements that name the service count, each
 * without its principal.
 *
 * @throws LockstepError `UnsupportedPolicy` where the answer would be a guess
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function trustsSageMaker({ name, arn, account, trust }: StoredRole): boolean {
  const read = trustSchema.safeParse(trust);
  if (!read.success) return false;
  const { Version = '2012-10-17', Statement } = read.data;
  const own = Statement.filter(({ Principal }) => services(Principal).includes(SERVICE));
  if (own.length === 0) return false;
  const statements = own.map(({ Principal: _, ...rest }) => ({ ...rest, Resource: '*' }));
  const policy = parsePolicy(`trust of ${name}`, { Version, Statement: statements }, 'identity');
  const context = { 'aws:SourceAccount': account };
  const request = { action: 'sts:AssumeRole', resource: arn, context };
  return evaluate({ identity: [policy] }, request).effect === 'allowed';
}

const services = (principal: unknown): readonly unknown[] =>
  typeof principal === 'object' && principal !== null && 'Service' in principal
    ? [principal.Service].flat()
    : [];
