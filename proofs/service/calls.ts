import type { AwsCall, Fault, Verb } from '../../contract';
import type { Artefacts } from '../artefacts';
import { isShifting, serviceTargets, type ServiceTarget } from './spec';
import { placeOfService } from './template';

/** What is wrong with the calls that verbs declare because of a strategy, a verification or a way back to a commit. */
interface ServiceCallFaults {
  readonly checked: number;
  /** Calls that a verb needs and does not declare. */
  readonly missing: readonly Fault[];
  /** Calls that a verb declares and does not need. */
  readonly beyond: readonly Fault[];
}

/** A call with the one verb that makes it. */
interface OwnedCall {
  readonly verb: Verb;
  readonly call: AwsCall;
}

/**
 * Calls that not every service makes, from what the verbs do and the service authorization reference: a deployment hands
 * ECS the role of the hook, a verification calls the function, and going back looks for definitions older than the
 * service's history. Whoever goes back hands over no role, for that brings back what has served, without hook.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
function ownedCalls({ target, spec }: ServiceTarget): readonly OwnedCall[] {
  const { account, region } = target;
  const hook = isShifting(spec.update) ? spec.update.hook : undefined;
  const asks = spec.verification;
  return [
    { verb: 'recall', call: { action: 'ecs:ListTaskDefinitions', resources: ['*'] } },
    ...(hook
      ? [
          {
            verb: 'deploy' as const,
            call: {
              action: 'iam:PassRole',
              resources: [hook.roleArn],
              context: { 'iam:PassedToService': 'ecs.amazonaws.com' },
            },
          },
        ]
      : []),
    ...(asks
      ? [
          {
            verb: 'verify' as const,
            call: {
              action: 'lambda:InvokeFunction',
              resources: [`arn:aws:lambda:${region}:${account}:function:${asks.functionName}`],
            },
          },
        ]
      : []),
  ];
}

/** Actions that nothing but those calls needs. */
const ONLY_THERE: ReadonlySet<string> = new Set(['ecs:ListTaskDefinitions', 'lambda:InvokeFunction']);

export function serviceCallFaults({ manifest }: Artefacts): ServiceCallFaults {
  const parts = serviceTargets(manifest).map(ofService);
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    missing: parts.flatMap(({ missing }) => missing),
    beyond: parts.flatMap(({ beyond }) => beyond),
  };
}

function ofService(one: ServiceTarget): ServiceCallFaults {
  const owned = ownedCalls(one);
  const known = new Set(owned.map(({ verb, call }) => `${verb} ${said(call)}`));
  const declared = Object.entries(one.target.calls).flatMap(([verb, calls]) =>
    single(calls).map((call) => ({ verb, call })),
  );
  const made = new Set(declared.map(({ verb, call }) => `${verb} ${said(call)}`));
  const passed = owned.flatMap(({ call }) => (call.action === 'iam:PassRole' ? call.resources : []));
  const fault = (verb: string, value: string, allowed: string, change: string): Fault => ({
    place: `${placeOfService(one)} calls.${verb}`,
    value,
    allowed,
    change,
  });
  return {
    checked: owned.length + declared.length,
    missing: owned
      .filter(({ verb, call }) => !made.has(`${verb} ${said(call)}`))
      .map(({ verb, call }) =>
        fault(
          verb,
          `no ${said(call)}`,
          said(call),
          'declare the call of the verb, in the form in which IAM is asked',
        ),
      ),
    beyond: declared
      .filter(
        ({ call: { action, resources } }) =>
          ONLY_THERE.has(action) ||
          (action === 'iam:PassRole' && resources.some((arn) => passed.includes(arn))),
      )
      .filter(({ verb, call }) => !known.has(`${verb} ${said(call)}`))
      .map(({ verb, call }) =>
        fault(verb, said(call), [...known].join(', '), 'remove the call: the verb does not make it'),
      ),
  };
}

const single = (calls: readonly AwsCall[]): readonly AwsCall[] =>
  calls.flatMap((call) => call.resources.map((resource) => ({ ...call, resources: [resource] })));

const said = ({ action, resources, context = {} }: AwsCall): string => {
  const keys = Object.entries(context).map(([key, value]) => `${key} ${value}`);
  return `${action} on ${resources.join(', ')}${keys.length > 0 ? ` with ${keys.join(' and ')}` : ''}`;
};
