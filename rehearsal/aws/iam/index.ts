import { type Decision, evaluate, type RequestContext } from '../../../proofs/iam';
import type { AwsService, Caller, Question } from '../service';
import { denialOf } from './denial';
import { policiesOf } from './policies';
import { iamResources } from './resources';
import { emptyState, type IamState, type StoredProvider, type StoredRole } from './state';

export type { StoredProvider, StoredRole } from './state';
export { trustsService } from './trusts-service';

/** What IAM says to a question. */
export interface Ruling {
  readonly allowed: boolean;
  readonly because: readonly string[];
  /** What AWS tells the caller, where it denies. */
  readonly denial?: string;
}

/** The moment of a question that the request does not carry itself. */
export interface Circumstances {
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** ARN of the identity provider behind the session. */
  readonly provider?: string;
}

/**
 * Roles, policies and identity providers of the templates, and the answer to each question about them. It has no
 * operations of its own.
 */
export class IamService implements AwsService {
  readonly signingName = 'iam';
  readonly protocol = 'query';
  readonly schemas = {};
  readonly operations = {};
  readonly makes: AwsService['makes'] = iamResources(this);
  state: IamState = emptyState();

  role(arn: string): StoredRole | undefined {
    return this.state.roles.get(arn);
  }

  provider(arn: string): StoredProvider | undefined {
    return this.state.providers.get(arn);
  }

  /** The role that an instance gets by a profile, by its name. Undefined where it gets none. */
  roleOfProfile(account: string, profile: string): StoredRole | undefined {
    const [, roles] =
      [...this.state.instanceProfiles].find(
        ([arn]) => arn.startsWith(`arn:aws:iam::${account}:`) && arn.endsWith(`/${profile}`),
      ) ?? [];
    const names = new Set(roles);
    return [...this.state.roles.values()].find((role) => role.account === account && names.has(role.name));
  }

  /**
   * Somebody with a session of a role, such as an agent that uses the execution role of a task.
   *
   * @throws Error for a role that no template makes
   */
  sessionOf(role: string, session: string): Caller {
    const stored = this.role(role);
    if (!stored) throw new Error(`no template makes the role ${role}`);
    const { account, name } = stored;
    return { arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`, account, role };
  }

  /**
   * @throws LockstepError `UnsupportedPolicy` where the answer would be a guess
   * @throws Error for a role that no template makes
   */
  decide(caller: Caller, question: Question, circumstances: Circumstances): Ruling {
    const role = this.role(caller.role);
    if (!role) throw new Error(`no template makes the role ${caller.role}`);
    const policies = policiesOf(role, this.state);
    const { action, resource, policies: ofResource } = question;
    const context = contextOf(caller, role, question, circumstances);
    const decision: Decision = evaluate(
      { ...policies, ...(ofResource && ofResource.length > 0 && { resource: ofResource }) },
      { principal: caller.arn, action, resource, context },
    );
    if (decision.effect === 'allowed') return { allowed: true, because: decision.because };
    const denial = denialOf(caller.arn, question, decision, policies);
    return { allowed: false, because: decision.because, denial };
  }

  leftovers(): readonly string[] {
    return [];
  }
}

/**
 * Keys that every request carries, beneath those of the question. Loopback stands for HTTPS.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function contextOf(
  caller: Caller,
  role: StoredRole,
  { resource, context = {} }: Question,
  { region, now, provider }: Circumstances,
): RequestContext {
  const owner = resource.split(':')[4];
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1_000)),
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalArn': role.arn,
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalType': 'AssumedRole',
    'aws:RequestedRegion': region,
    'aws:ResourceAccount': owner === undefined || owner === '' ? caller.account : owner,
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:userid': `${role.id}:${caller.arn.split('/').at(-1) ?? ''}`,
    ...(provider !== undefined && { 'aws:FederatedProvider': provider }),
    ...context,
  };
}
