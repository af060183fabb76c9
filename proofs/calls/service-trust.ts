import { type Fault, LockstepError } from '../../contract';
import type { TemplateRole } from '../artefacts';
import {
  evaluateServiceTrust,
  type NamedPolicy,
  parsePolicy,
  type RequestContext,
  type Statement,
} from '../iam';

/** A role that a service of AWS works with in the name of one account. */
export interface ServiceTrust {
  readonly role: TemplateRole;
  readonly service: string;
  /** @default - the service works for the account of the role alone, and does not say so */
  readonly account?: string;
}

const ACTION = 'sts:AssumeRole';
const SOURCE = 'aws:SourceAccount';
/** What the service says of nobody, and of an account that no platform has. */
const STRANGERS: readonly RequestContext[] = [{}, { [SOURCE]: '000000000000' }];

/** The service must get a session when it works for the account. */
export function letsIn({ role, service, account }: ServiceTrust): readonly Fault[] {
  return judged(role, (policy) => {
    const { effect, because } = evaluateServiceTrust(policy, {
      service,
      action: ACTION,
      context: account === undefined ? {} : { [SOURCE]: account },
    });
    if (effect === 'allowed') return [];
    const name = account === undefined ? '' : `, in the name of ${account}`;
    return [[`${service} is refused: ${because.join('; ')}`, `${service}${name}`]];
  });
}

/** Nobody else gets one: no other principal, and not the service in the name of somebody else. */
export function letsOthersIn({ role, service, account }: ServiceTrust): readonly Fault[] {
  return judged(role, (policy) => [
    ...policy.statements
      .filter(({ effect }) => effect === 'Allow')
      .flatMap((statement) => strangersIn(statement, service))
      .map((stranger): Wrong => [stranger, `${service} by ${ACTION}, and nobody else`]),
    ...(account === undefined ? [] : STRANGERS)
      .filter(
        (context) => evaluateServiceTrust(policy, { service, action: ACTION, context }).effect === 'allowed',
      )
      .slice(0, 1)
      .map((): Wrong => [
        `${service} in the name of whatever account`,
        `a condition by which ${SOURCE} is ${account ?? ''}`,
      ]),
  ]);
}

function strangersIn({ principal, action }: Statement, service: string): readonly string[] {
  if (!principal) return ['no principal'];
  const { negated, aws, services, federated, canonicalUsers } = principal;
  const others = services.filter((one) => one !== service);
  return [
    ...(negated ? ['NotPrincipal'] : []),
    ...[...aws, ...others, ...federated, ...canonicalUsers],
    ...(action.negated ? ['NotAction'] : action.patterns.filter((name) => name !== ACTION)),
  ];
}

type Wrong = readonly [value: string, allowed: string];

function judged(
  role: TemplateRole,
  judge: (policy: NamedPolicy<'trust'>) => readonly Wrong[],
): readonly Fault[] {
  const place = `${role.place}, trust of ${role.name}`;
  try {
    return judge(parsePolicy('trust', role.trust, 'trust')).map(([value, allowed]) => ({
      place,
      value,
      allowed,
      change: 'let the role trust the service for this account',
    }));
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((fault) => ({ ...fault, place: `${place}, ${fault.place}` }));
  }
}
