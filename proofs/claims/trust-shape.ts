import type { Fault } from '../../contract';
import type { TemplateRole } from '../artefacts';
import type { NamedPolicy, Statement } from '../iam';
import { conditionKey, providerArn, WEB_IDENTITY_ACTION } from './issuer';

/** One rule about the form of a trust statement: what breaks it, what is allowed, and the change. */
interface Breach {
  readonly element: string;
  readonly value: string;
  readonly allowed: string;
  readonly change: string;
}

/** Claims that hold a ref at their end, where a tag may be a pattern. */
const REF_CLAIMS = new Map([
  [conditionKey('sub'), /^[^*?]*:ref:refs\/(heads|tags)\/[^*?]*\*?$/],
  [conditionKey('job_workflow_ref'), /^[^*?]*@refs\/(heads|tags)\/[^*?]*\*?$/],
]);

/**
 * Looks at the form of each trust statement that lets somebody in: a form that is easy to get wrong is
 * not used even where it happens to refuse the strangers of today.
 */
export function trustShape(
  role: TemplateRole,
  policy: NamedPolicy<'trust'>,
): { readonly checked: number; readonly faults: readonly Fault[] } {
  const granting = policy.statements.filter(({ effect }) => effect === 'Allow');
  return {
    // Principal, action, audience and subject, and the operator of each condition.
    checked: granting.reduce((sum, { conditions }) => sum + 4 + conditions.length, 0),
    faults: granting.flatMap((statement) =>
      [...principalBreaches(statement, role.account), ...conditionBreaches(statement)].map(
        ({ element, ...rest }) => ({
          place: `${role.place}, trust statement ${statement.index}, ${element}`,
          ...rest,
        }),
      ),
    ),
  };
}

function principalBreaches({ principal, action }: Statement, account: string): Breach[] {
  const provider = providerArn(account);
  const others = [
    ...(principal?.aws ?? []),
    ...(principal?.services ?? []),
    ...(principal?.canonicalUsers ?? []),
  ];
  const federated = principal?.federated ?? [];
  const alone = federated.length === 1 && federated[0] === provider && others.length === 0;
  const [only, ...more] = action.patterns;
  return [
    ...(alone && principal?.negated === false
      ? []
      : [
          {
            element: principal?.negated ? 'NotPrincipal' : 'Principal',
            value: [...federated, ...others].join(', ') || 'nobody',
            allowed: `${provider}, alone`,
            change: 'let only the GitHub provider of the same account in; give others a role of their own',
          },
        ]),
    ...(!action.negated && only === WEB_IDENTITY_ACTION && more.length === 0
      ? []
      : [
          {
            element: action.negated ? 'NotAction' : 'Action',
            value: action.patterns.join(', '),
            allowed: WEB_IDENTITY_ACTION,
            change: 'allow no other way to a session',
          },
        ]),
  ];
}

function conditionBreaches({ conditions }: Statement): Breach[] {
  const tested = (claim: string, operators: readonly string[]): boolean =>
    conditions.some(
      ({ key, operator }) => key.toLowerCase() === conditionKey(claim) && operators.includes(operator),
    );
  return [
    ...(tested('aud', ['StringEquals'])
      ? []
      : [missing('aud', 'StringEquals', 'tokens that were made for another service are let in')]),
    ...(tested('sub', ['StringEquals', 'StringLike'])
      ? []
      : [missing('sub', 'StringEquals', 'jobs of other repositories and environments are let in')]),
    ...conditions.flatMap(({ operator, key, values }): Breach[] => {
      const element = `Condition.${operator}.${key}`;
      if (operator === 'StringEquals') return [];
      if (operator !== 'StringLike') {
        return [
          {
            element,
            value: operator,
            allowed: 'StringEquals, and StringLike for the end of a ref',
            change: `test ${key} with StringEquals: IfExists and ForAllValues pass when the claim is absent`,
          },
        ];
      }
      const form = REF_CLAIMS.get(key.toLowerCase());
      if (!form) {
        return [
          {
            element,
            value: values.join(', '),
            allowed: 'StringLike on sub and job_workflow_ref only',
            change: `test ${key} with StringEquals`,
          },
        ];
      }
      return values
        .filter((value) => !form.test(value))
        .map((value) => ({
          element,
          value,
          allowed: 'one * at the very end, in the name of a branch or tag: a * crosses colons and slashes',
          change: 'write owner, repository, environment and file in full',
        }));
    }),
  ];
}

const missing = (claim: string, operator: string, loss: string): Breach => ({
  element: 'Condition',
  value: `no test of ${claim}`,
  allowed: `${operator} on ${conditionKey(claim)}`,
  change: `add it: without it ${loss}`,
});
