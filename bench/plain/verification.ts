import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib';
import { type IVpc, Port, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';

const CODE = join(__dirname, '..', '..', 'constructs', 'ecs-service', 'verification', 'handler.js');

export interface VerificationProps {
  readonly functionName: string;
  readonly vpc: IVpc;
  /** What it asks. */
  readonly url: string;
  readonly balancer: SecurityGroup;
}

/** A function in the VPC that asks a service through its load balancer. */
export function verification(stack: Stack, { functionName, vpc, url, balancer }: VerificationProps): void {
  const securityGroup = new SecurityGroup(stack, 'VerificationSecurityGroup', {
    vpc,
    description: 'Verification',
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(balancer, Port.tcp(80), 'Load balancer');
  balancer.addIngressRule(securityGroup, Port.tcp(80), 'Verification');
  const logGroup = new LogGroup(stack, 'VerificationLogs', {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(stack, 'VerificationRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Function: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
          new PolicyStatement({
            actions: [
              'ec2:CreateNetworkInterface',
              'ec2:DeleteNetworkInterface',
              'ec2:DescribeNetworkInterfaces',
              'ec2:DescribeSubnets',
            ],
            resources: ['*'],
          }),
        ],
      }),
    },
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Lambda chooses the network interface',
  });
  const asks = new LambdaFunction(stack, 'Verification', {
    functionName,
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(readFileSync(CODE, 'utf8')),
    environment: {
      PRODUCTION_URL: url,
      EXPECTED_STATUS: '200',
      LATENCY_MS: '1000',
      TRIES: '5',
      PAUSE_MS: '3000',
    },
    timeout: Duration.seconds(30),
    logGroup,
    role,
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
  });
  Validations.of(asks).acknowledge({ id: 'AwsSolutions-L1', reason: 'The code is tested on this Node.js' });
}
