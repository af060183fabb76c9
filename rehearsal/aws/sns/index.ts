import * as schemas from '@aws-sdk/client-sns';
import { z } from 'zod';
import type { VirtualClock } from '../../clock/virtual-clock';
import { refuseOthers } from '../modelled-members';
import { resourcePolicies } from '../resource-policies';
import { readProperties } from '../resource-properties';
import {
  ApiFault,
  type AwsService,
  type Call,
  type Input,
  type Made,
  type Operation,
  type Question,
  stringOf,
  type TemplateResource,
} from '../service';
import type { PublishedMessage, SnsState, Topic } from './state';

const TopicProperties = z.strictObject({
  TopicName: z.string(),
  KmsMasterKeyId: z.string().optional(),
  Tags: z.unknown().optional(),
});
const SubscriptionProperties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.literal('email'),
  Endpoint: z.string(),
});
const PolicyProperties = z.strictObject({ Topics: z.array(z.string()).min(1), PolicyDocument: z.unknown() });

/** Key that AWS manages: everybody may use it through SNS who may publish in the account. */
const AWS_MANAGED_KEY = /:alias\/aws\/sns$/;

/** Topics that send mail. @see https://docs.aws.amazon.com/sns/latest/api/Welcome.html */
export class SnsService implements AwsService {
  readonly signingName = 'sns';
  readonly protocol = 'query';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>> = {
    Publish: {
      source: 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html',
      questions: (input) => [this.mayPublish(input)],
      handle: (input, call) => this.publish(input, call),
    },
  };
  readonly makes = {
    'AWS::SNS::Topic': (resource: TemplateResource) => this.makeTopic(resource),
    'AWS::SNS::Subscription': (resource: TemplateResource) => this.makeSubscription(resource),
    'AWS::SNS::TopicPolicy': (resource: TemplateResource) => this.makePolicy(resource),
  };
  state: SnsState = { topics: new Map() };

  constructor(private readonly ports: { readonly clock: VirtualClock }) {}

  leftovers(): readonly string[] {
    return [];
  }

  /** What was sent to a topic, in order; nothing where there is none. */
  messages(topicArn: string): readonly PublishedMessage[] {
    return this.state.topics.get(topicArn)?.messages ?? [];
  }

  private mayPublish(input: Input): Question {
    const arn = stringOf(input, 'TopicArn');
    const topic = this.state.topics.get(arn);
    return {
      action: 'sns:Publish',
      resource: arn,
      ...(topic && { policies: resourcePolicies(`topic ${arn}`, topic.policy) }),
    };
  }

  /**
   * @throws ApiFault `NotFound`, `InvalidParameter`
   * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
   */
  private publish(input: Input, call: Call): object {
    refuseOthers('sns:Publish', input, ['TopicArn', 'Subject', 'Message']);
    const topic = this.topic(stringOf(input, 'TopicArn'));
    const text = stringOf(input, 'Message');
    const subject = input.Subject === undefined ? '' : stringOf(input, 'Subject');
    if (!/^[\x20-\x7e]{0,100}$/.test(subject) || subject.startsWith(' '))
      throw new ApiFault('InvalidParameter', 'Invalid parameter: Subject');
    const message = { at: this.ports.clock.now(), subject, text };
    this.state.topics.set(topic.arn, { ...topic, messages: [...topic.messages, message] });
    return { MessageId: `${call.now}-${topic.messages.length + 1}` };
  }

  /** @throws ApiFault `NotFound` */
  private topic(arn: string): Topic {
    const topic = this.state.topics.get(arn);
    if (topic) return topic;
    throw new ApiFault('NotFound', 'Topic does not exist', 404);
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
  private makeTopic(resource: TemplateResource): Made {
    const { TopicName: name, KmsMasterKeyId: key } = readProperties(resource, TopicProperties);
    if (key !== undefined && !AWS_MANAGED_KEY.test(key))
      throw new ApiFault('InvalidParameter', `only the key that AWS manages is modelled, not ${key}`);
    const arn = `arn:aws:sns:${resource.region}:${resource.account}:${name}`;
    this.state.topics.set(arn, { arn, subscriptions: [], messages: [] });
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
  private makeSubscription(resource: TemplateResource): Made {
    const {
      TopicArn: arn,
      Protocol: protocol,
      Endpoint: endpoint,
    } = readProperties(resource, SubscriptionProperties);
    const topic = this.topic(arn);
    const subscriptions = [...topic.subscriptions, { protocol, endpoint }];
    this.state.topics.set(arn, { ...topic, subscriptions });
    return { ref: `${arn}:${subscriptions.length}` };
  }

  /**
   * @throws LockstepError `UnsupportedPolicy` for a policy that cannot be evaluated
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html
   */
  private makePolicy(resource: TemplateResource): Made {
    const { Topics: arns, PolicyDocument: policy } = readProperties(resource, PolicyProperties);
    for (const arn of arns) {
      resourcePolicies(`topic ${arn}`, policy);
      this.state.topics.set(arn, { ...this.topic(arn), policy });
    }
    return { ref: resource.logicalId };
  }
}
