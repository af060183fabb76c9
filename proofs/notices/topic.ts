import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { evaluate, type NamedPolicy, parsePolicy } from '../iam';
import type { ProofResult } from '../proof';
import { unless, type Wrong, wrongAt } from '../wrong';
import { list } from '../flow/capacity/template-values';

const PUBLISH = 'sns:Publish';
const TOPIC = 'AWS::SNS::Topic';

/**
 * Nobody reads mail about a target on its way, and nobody but its role writes any: a topic is encrypted, takes nothing
 * over plain HTTP, lets nobody in by its own policy, and hands messages to addresses of mail alone.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html
 */
export function topicFaults({ manifest, resources }: Artefacts): ProofResult {
  const topics = manifest.targets.flatMap(({ postbox }) =>
    postbox === undefined
      ? []
      : resources
          .filter((one) => one.type === TOPIC && arnOf(one) === postbox.topicArn)
          .map((topic) => ({ topic, arn: postbox.topicArn })),
  );
  return {
    checked: topics.length * 4,
    findings: topics.flatMap(({ topic, arn }) => [
      ...wrongAt(topic.path, 'encrypt the topic', [
        ...unless(topic.properties.KmsMasterKeyId !== undefined, 'no KmsMasterKeyId', 'a key of KMS'),
      ]),
      ...policyFaults(topic, arn, resources),
      ...subscriptionFaults(topic, arn, resources),
    ]),
  };
}

const arnOf = ({ account, region, properties }: Resource): string =>
  `arn:aws:sns:${region}:${account}:${String(properties.TopicName)}`;

function policyFaults(topic: Resource, arn: string, resources: readonly Resource[]): readonly Fault[] {
  const beside = resources.filter(
    ({ type, stack, properties }) =>
      type === 'AWS::SNS::TopicPolicy' && stack === topic.stack && list(properties.Topics).includes(arn),
  );
  try {
    const policies = beside.map(({ logicalId, properties }) =>
      parsePolicy(logicalId, properties.PolicyDocument, 'resource'),
    );
    const lets = policies.flatMap(({ statements }) => statements.filter(({ effect }) => effect === 'Allow'));
    return wrongAt(
      beside[0]?.path ?? topic.path,
      'refuse plain HTTP, and let nobody in by the policy of the topic',
      [
        ...lets.map((statement): Wrong => [
          `an Allow at ${statement.place}`,
          'roles that name the topic themselves',
        ]),
        ...unless(
          refusesPlain(policies, arn, topic.account),
          'plain HTTP',
          'a Deny where aws:SecureTransport is false',
        ),
      ],
    );
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((fault) => ({ ...fault, place: `${topic.path}, ${fault.place}` }));
  }
}

function refusesPlain(
  policies: readonly NamedPolicy<'resource'>[],
  resource: string,
  account: string,
): boolean {
  const request = {
    principal: `arn:aws:iam::${account}:role/somebody`,
    action: PUBLISH,
    resource,
    context: { 'aws:SecureTransport': 'false' },
  };
  return evaluate({ identity: [], resource: [...policies] }, request).effect === 'explicitlyDenied';
}

/** Whoever subscribes reads what went wrong and where. */
function subscriptionFaults(topic: Resource, arn: string, resources: readonly Resource[]): readonly Fault[] {
  const own = resources.filter(
    ({ type, properties }) => type === 'AWS::SNS::Subscription' && properties.TopicArn === arn,
  );
  return [
    ...wrongAt(
      topic.path,
      'add a subscriber, or take email out of the notifications',
      unless(own.length > 0, 'no subscription', 'at least one: mail that nobody gets tells nobody'),
    ),
    ...own.flatMap(({ path, properties }) =>
      wrongAt(
        path,
        'subscribe an address of the platform file',
        unless(
          properties.Protocol === 'email',
          `a subscription by ${String(properties.Protocol)}`,
          'email alone',
        ),
      ),
    ),
  ];
}
