import type { AwsCall, Fault, Verb } from '../../contract';
import type { Artefacts } from '../artefacts';
import { placeOfNode } from './place';
import { NODE_TAG, nodesOf, type NodeTarget } from './spec';

/**
 * What a verb calls at AWS, from what it does and the service authorization reference; the kind has a table of its own,
 * so that a mistake in one of them shows. Whoever sends a command must be allowed to on the document and on the instance;
 * of instances IAM knows beforehand no more than their tags.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function callsOfVerbs({ target, spec }: NodeTarget): Readonly<Record<Verb, readonly AwsCall[]>> {
  const { account, region } = target;
  const call = (action: string, resource = '*', context?: AwsCall['context']): AwsCall => ({
    action,
    resources: [resource],
    ...(context && { context }),
  });
  const parameter = `arn:aws:ssm:${region}:${account}:parameter${spec.parameters.released}`;
  const find = [
    call('ec2:DescribeInstances', '*', { 'ec2:Region': region }),
    call('ssm:DescribeInstanceInformation'),
  ];
  const command = [
    call('ssm:SendCommand', `arn:aws:ssm:${region}:${account}:document/${spec.document}`),
    call('ssm:SendCommand', `arn:aws:ec2:${region}:${account}:instance/*`, {
      [`ssm:resourceTag/${NODE_TAG}`]: spec.nodeTag,
    }),
    call('ssm:GetCommandInvocation'),
    call('ssm:CancelCommand'),
  ];
  const objects = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'].map((action) =>
    call(action, `arn:aws:s3:::${spec.bucket}/runs/*`),
  );
  const history = call('ssm:GetParameterHistory', parameter);
  const run = [...find, ...command, ...objects];
  return {
    deploy: run,
    wait: run,
    // A release of the past is one that the parameter has held.
    rollback: [...run, history],
    // A release is named by its content, not by one of its images.
    recall: [],
    diagnose: run,
    // What should run is, unless it is named, what the parameter holds.
    verify: [...run, history],
    // It writes nothing where the parameter holds the release already.
    confirm: [...run, history, call('ssm:PutParameter', parameter)],
    // Who only looks sends no command: what a command does, no policy can tell.
    status: [...find, history],
  };
}

/** Calls that a verb needs and does not declare. */
export const missingCallFaults = ({ manifest }: Artefacts): readonly Fault[] =>
  nodesOf(manifest).flatMap((node) =>
    Object.entries(callsOfVerbs(node)).flatMap(([verb, needed]) => {
      const declared = new Set(single(node.target.calls[verb as Verb] ?? []).map(keyOf));
      return single(needed)
        .filter((call) => !declared.has(keyOf(call)))
        .map((call) => ({
          place: `${placeOfNode(node)} calls.${verb}`,
          value: `no ${said(call)}`,
          allowed: `what \`${verb}\` asks AWS for: ${[...new Set(single(needed).map(said))].join(', ')}`,
          change: 'declare the call of the verb, in the form in which IAM is asked',
        }));
    }),
  );

/** Calls that a verb declares and does not need. */
export const needlessCallFaults = ({ manifest }: Artefacts): readonly Fault[] =>
  nodesOf(manifest).flatMap((node) => {
    const verbs = callsOfVerbs(node);
    return Object.entries(node.target.calls).flatMap(([verb, calls]) => {
      const needed = single(verbs[verb as Verb]);
      const known = new Set(needed.map(keyOf));
      return single(calls)
        .filter((call) => !known.has(keyOf(call)))
        .map((call) => ({
          place: `${placeOfNode(node)} calls.${verb}`,
          value: said(call),
          allowed: [...new Set(needed.map(said))].join(', '),
          change: 'remove the call, or narrow it to what the verb works on',
        }));
    });
  });

/** How many calls were compared. */
export const comparedCalls = ({ manifest }: Artefacts): number =>
  nodesOf(manifest)
    .flatMap(({ target }) => Object.values(target.calls))
    .reduce((sum, calls) => sum + single(calls).length, 0);

const single = (calls: readonly AwsCall[]): readonly AwsCall[] =>
  calls.flatMap((call) => call.resources.map((resource) => ({ ...call, resources: [resource] })));

const keyOf = ({ action, resources, context = {} }: AwsCall): string =>
  JSON.stringify([action, resources, Object.entries(context).sort()]);

const said = ({ action, resources, context = {} }: AwsCall): string => {
  const keys = Object.entries(context).map(([key, value]) => `${key} ${value}`);
  return `${action} on ${resources.join(', ')}${keys.length > 0 ? ` with ${keys.join(' and ')}` : ''}`;
};
