import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { DEFAULT_AUDIENCE, providerArn } from '../../../../proofs/claims';
import { ACCOUNT, roleArn } from '../emulator';
import type { ContractRow } from '../row';
import { SUBJECT, tokenOf } from '../tested-account';

export const STS: readonly ContractRow[] = [
  {
    operation: 'AssumeRoleWithWebIdentity',
    call: ({ sts }) =>
      sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: roleArn('deploy'),
          RoleSessionName: 'job',
          WebIdentityToken: tokenOf(),
        }),
      ),
    asks: [],
    answer: {
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA/) as unknown,
        Expiration: expect.any(Date) as unknown,
      },
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/job` },
      SubjectFromWebIdentityToken: SUBJECT,
      Audience: DEFAULT_AUDIENCE,
      Provider: providerArn(ACCOUNT),
    },
  },
  {
    operation: 'GetCallerIdentity',
    call: ({ sts }) => sts.send(new GetCallerIdentityCommand({})),
    asks: [],
    answer: { Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/tester/test` },
  },
];
