import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsConnection } from '../../../contract';
import { callAws, clientOptions } from '../../aws-client';

/** Whom AWS takes the credentials of this process for. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** Name of the role, without its path. @default - the caller is no session of a role */
  readonly role?: string;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (assumed-role) */
const SESSION = /^arn:[^:]+:sts::\d{12}:assumed-role\/(?<role>[^/]+)\/[^/]+$/;

/**
 * Asks AWS who signs in. It needs no permission.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 * @throws LockstepError `AwsCallFailed`
 */
export async function callerOf(connection: AwsConnection): Promise<Caller> {
  const sts = new STSClient(clientOptions(connection));
  try {
    const { Account: account = '', Arn: arn = '' } = await callAws('sts:GetCallerIdentity', () =>
      sts.send(new GetCallerIdentityCommand({})),
    );
    const role = SESSION.exec(arn)?.groups?.role;
    return { account, arn, ...(role === undefined ? {} : { role }) };
  } finally {
    sts.destroy();
  }
}
