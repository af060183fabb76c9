import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, TemplateRole } from '../artefacts';
import { parsePolicy } from '../iam';
import { type RoleReview, roleReviews } from './role-review';

const PASS = 'iam:PassRole';
const TO = 'iam:PassedToService';
const STRANGERS = ['ec2.amazonaws.com', 'lambda.amazonaws.com', 'cloudformation.amazonaws.com'] as const;

/** What is wrong with the roles that jobs hand over. */
interface PassedRoleFaults {
  readonly checked: number;
  /** Roles that are handed to a service which they do not let in. */
  readonly missing: readonly Fault[];
  /** Roles that may be handed to any service. */
  readonly beyond: readonly Fault[];
}

/**
 * A role is handed to the one service that it is for. Whoever may pass it to another one runs that service with its
 * rights.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function passedRoleFaults(artefacts: Artefacts): PassedRoleFaults {
  const roles = new Map(artefacts.roles.map((role) => [role.arn, role]));
  const passed = [...roleReviews(artefacts).values()].flatMap((review) =>
    [
      ...new Map(
        review.calls
          .filter(({ call }) => call.action === PASS)
          .map(({ call }) => [`${call.resource} ${call.context[TO] ?? ''}`, call] as const),
      ).values(),
    ].map((call) => ({ review, arn: call.resource, service: call.context[TO] })),
  );
  return {
    checked: passed.length * 2,
    missing: passed.flatMap(({ review, arn, service }) => refusedService(review, roles.get(arn), service)),
    beyond: passed.flatMap(({ review, arn, service }) => strangersOf(review, arn, service)),
  };
}

function refusedService(
  { place }: RoleReview,
  role: TemplateRole | undefined,
  service: string | undefined,
): readonly Fault[] {
  // A role that no template makes is found among the names.
  if (!role) return [];
  const services = servicesOf(role);
  if (service !== undefined && services.includes(service)) return [];
  return [
    {
      place: `${place}, ${PASS}`,
      value: `${role.name}, handed to ${service ?? 'whatever service asks'}`,
      allowed: `a service that ${role.place} trusts: ${services.join(', ') || 'none'}`,
      change: 'hand the role to the service that works with it',
    },
  ];
}

function servicesOf({ trust }: TemplateRole): readonly string[] {
  try {
    return parsePolicy('trust', trust, 'trust').statements.flatMap(({ principal }) => [
      ...(principal?.services ?? []),
    ]);
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return [];
  }
}

function strangersOf(review: RoleReview, arn: string, service: string | undefined): readonly Fault[] {
  if (review.faults.length > 0) return [];
  const open = [undefined, ...STRANGERS.filter((one) => one !== service)].filter((stranger) =>
    isAllowed(review, arn, stranger),
  );
  const [first] = open;
  if (open.length === 0) return [];
  return [
    {
      place: `${review.place}, ${PASS}`,
      value: `${arn}, handed to ${first ?? 'whatever service asks'}`,
      allowed: `${service ?? 'the one service that the role is for'}, and no other`,
      change: `test ${TO} for equality in the statement`,
    },
  ];
}

function isAllowed({ decide }: RoleReview, arn: string, service: string | undefined): boolean {
  try {
    return (
      decide({ action: PASS, resource: arn, context: service === undefined ? {} : { [TO]: service } })
        .effect === 'allowed'
    );
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return true;
  }
}
