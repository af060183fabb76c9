import * as schemas from '@aws-sdk/client-sts';
import type { IamService } from '../iam';
import { ApiFault, type AwsService, type Call, type Operation } from '../service';
import { emptyState, issue, type Session, type StsState } from './sessions';
import type { TokenReader } from './token-reader';
import { assumeRoleWithWebIdentity } from './web-identity';

export type { Session } from './sessions';
export type { TokenReader } from './token-reader';

/** What STS works with. */
export interface StsPorts {
  readonly iam: IamService;
  readonly tokens: TokenReader;
}

/** Sessions of roles: who gets one, and whom an access key stands for. */
export class StsService implements AwsService {
  readonly signingName = 'sts';
  readonly protocol = 'query';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly makes = {};
  state: StsState = emptyState();

  constructor(private readonly ports: StsPorts) {
    this.operations = {
      AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity({ state: () => this.state, ...ports }),
      GetCallerIdentity: {
        source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
        // No permission is needed: a policy could not even take it away.
        questions: () => [],
        handle: (_, call) => this.identityOf(call),
      },
    };
  }

  /** The session behind an access key, whether it has expired or not. */
  session(accessKeyId: string): Session | undefined {
    return this.state.sessions.get(accessKeyId);
  }

  /**
   * A session without token and trust, for a test of something else.
   *
   * @param role ARN
   * @param expiresAt milliseconds since the epoch
   */
  testSession(role: string, expiresAt: number, name = 'test'): Session {
    const caller = this.ports.iam.sessionOf(role, name);
    const id = this.ports.iam.role(role)?.id ?? '';
    return issue(this.state, { caller, userId: `${id}:${name}`, expiresAt });
  }

  leftovers(): readonly string[] {
    return [];
  }

  private identityOf({ caller }: Call): object {
    const session = [...this.state.sessions.values()].find((each) => each.caller.arn === caller?.arn);
    if (!session)
      throw new ApiFault('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    const { userId, caller: who } = session;
    return { UserId: userId, Account: who.account, Arn: who.arn };
  }
}
