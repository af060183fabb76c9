import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type PlainEnvironment, PLATFORM, REGION } from './settings';

/** The parameters that the pipeline writes. A stack reads them before it makes its own resources. */
export class PlainStateStack extends Stack {
  constructor(scope: Construct, service: string, { name, account }: PlainEnvironment) {
    super(scope, `${PLATFORM}-${service}-${name}-state`, {
      env: { account, region: REGION },
      terminationProtection: true,
    });
    for (const parameter of ['released-task-definition', 'released-image']) {
      new StringParameter(this, parameter, {
        parameterName: `/${PLATFORM}/${name}/${service}/${parameter}`,
        stringValue: 'none',
      }).applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
