import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { GithubRole } from './github-role';
import { type PlainEnvironment, type PlainService, PLATFORM } from './settings';

/** The topic that mail about deployments goes through, and the role of the jobs that send it. */
export function notices(
  scope: Construct,
  { id, region }: PlainService,
  { name, account, reviewed }: PlainEnvironment,
  addresses: readonly string[],
): void {
  const base = `${PLATFORM}-${id}-${name}`;
  const topicName = `${base}-notices`;
  const topic = new Topic(scope, 'Notices', {
    topicName,
    masterKey: Alias.fromAliasName(scope, 'NoticesKey', 'alias/aws/sns'),
    enforceSSL: true,
  });
  for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
  new GithubRole(scope, 'Notify', {
    roleName: `${base}-notify`,
    account,
    environment: reviewed ? `${name}-rollback` : name,
    workflows: [`${id}-deploy.yml`, `${id}-rollback.yml`],
    statements: [
      new PolicyStatement({
        actions: ['sns:Publish'],
        resources: [`arn:aws:sns:${region}:${account}:${topicName}`],
      }),
    ],
    wildcards: [],
  });
}
