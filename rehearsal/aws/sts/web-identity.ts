import { answer, contextOf, providerArn, readTrust, WEB_IDENTITY_ACTION } from '../../../proofs/claims';
import { LockstepError } from '../../../contract';
import type { IamService, StoredRole } from '../iam';
import { refuseOthers } from '../modelled-members';
import { ApiFault, type Call, type Input, type Operation, stringOf } from '../service';
import { issue, type StsState } from './sessions';
import type { TokenReader } from './token-reader';

/** What the operation works with. */
export interface WebIdentityPorts {
  readonly state: () => StsState;
  readonly iam: IamService;
  readonly tokens: TokenReader;
}

const ONE_HOUR_SECONDS = 3_600;
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;
const MODELLED = ['RoleArn', 'RoleSessionName', 'WebIdentityToken', 'DurationSeconds'];

/** Signs in with a token of an identity provider: the trust policy of the role decides. */
export function assumeRoleWithWebIdentity(ports: WebIdentityPorts): Operation {
  return {
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html',
    questions: () => [],
    about: ({ RoleArn }) => (typeof RoleArn === 'string' ? RoleArn : '*'),
    handle: (input, call) => assume(input, call, ports),
  };
}

function assume(input: Input, { now }: Call, { state, iam, tokens }: WebIdentityPorts): object {
  refuseOthers(WEB_IDENTITY_ACTION, input, MODELLED);
  const roleArn = stringOf(input, 'RoleArn');
  const sessionName = sessionNameOf(input);
  const seconds = secondsOf(input);
  const account = accountOf(roleArn);
  const { issuer, claims } = tokens.read(stringOf(input, 'WebIdentityToken'));
  const provider = iam.provider(providerArn(account, issuer));
  if (!provider) {
    const message = `No OpenIDConnect provider found in your account for https://${issuer}`;
    throw new ApiFault('InvalidIdentityToken', message);
  }
  const audiences = [claims.aud ?? []].flat();
  if (!audiences.some((audience) => provider.clientIds.includes(audience))) {
    throw new ApiFault('InvalidIdentityToken', 'Incorrect token audience');
  }
  const role = iam.role(roleArn);
  const context = contextOf(claims, issuer);
  // To a stranger, a role that does not exist looks like one that does not trust him.
  const refusal = role ? refusalOf(role, provider.arn, context) : [`no template makes the role ${roleArn}`];
  if (!role || refusal.length > 0) {
    throw new ApiFault('AccessDenied', `Not authorized to perform ${WEB_IDENTITY_ACTION}`, 403, refusal);
  }
  if (seconds > role.maxSessionSeconds) {
    const message = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
    throw new ApiFault('ValidationError', message);
  }
  const caller = iam.sessionOf(roleArn, sessionName);
  const userId = `${role.id}:${sessionName}`;
  const expiresAt = now + seconds * 1_000;
  const session = issue(state(), { caller, userId, expiresAt, provider: provider.arn });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(expiresAt),
    },
    SubjectFromWebIdentityToken: String(claims.sub),
    AssumedRoleUser: { AssumedRoleId: userId, Arn: caller.arn },
    Provider: provider.arn,
    Audience: audiences[0],
  };
}

/** Why the trust policy does not let the caller in; empty where it does. */
function refusalOf(
  { place, name, trust }: StoredRole,
  provider: string,
  context: ReturnType<typeof contextOf>,
): readonly string[] {
  const { policy, fault } = readTrust({
    place,
    name,
    trust: trust as Parameters<typeof readTrust>[0]['trust'],
  });
  if (fault) throw new LockstepError('UnsupportedPolicy', fault);
  const { accepted, because } = answer(policy, { provider, action: WEB_IDENTITY_ACTION, context });
  return accepted ? [] : because;
}

function accountOf(roleArn: string): string {
  const [, account] = /^arn:aws:iam::(\d{12}):role\/.+$/.exec(roleArn) ?? [];
  if (account !== undefined) return account;
  throw new ApiFault('ValidationError', 'Request ARN is invalid');
}

function sessionNameOf(input: Input): string {
  const name = stringOf(input, 'RoleSessionName');
  if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
  throw invalid(name, 'roleSessionName', 'satisfy regular expression pattern: [\\w+=,.@-]*, length 2 to 64');
}

function secondsOf({ DurationSeconds = ONE_HOUR_SECONDS }: Input): number {
  const seconds = Number(DurationSeconds);
  if (seconds < SHORTEST_SECONDS) {
    throw invalid(seconds, 'durationSeconds', `have value greater than or equal to ${SHORTEST_SECONDS}`);
  }
  if (seconds <= LONGEST_SECONDS) return seconds;
  throw invalid(seconds, 'durationSeconds', `have value less than or equal to ${LONGEST_SECONDS}`);
}

const invalid = (value: string | number, member: string, must: string): ApiFault =>
  new ApiFault(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${must}`,
  );
