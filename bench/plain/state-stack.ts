import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type PlainEnvironment, PLATFORM } from './settings';

export interface PlainStateStackProps {
  /** Of the service, endpoint or node. */
  readonly id: string;
  readonly region: string;
  readonly environment: PlainEnvironment;
  readonly parameters: readonly string[];
}

/** The parameters that the pipeline writes. A stack reads them before it makes its own resources. */
export class PlainStateStack extends Stack {
  constructor(scope: Construct, { id, region, environment, parameters }: PlainStateStackProps) {
    const { name, account } = environment;
    super(scope, `${PLATFORM}-${id}-${name}-state`, {
      env: { account, region },
      terminationProtection: true,
    });
    for (const parameter of parameters) {
      new StringParameter(this, parameter, {
        parameterName: `/${PLATFORM}/${name}/${id}/${parameter}`,
        stringValue: 'none',
      }).applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}
