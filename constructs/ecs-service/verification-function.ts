import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { VerificationProps } from './props';

export interface VerificationFunctionProps extends VerificationProps {
  readonly functionName: string;
  /** ARN of the function, made of its name: its own role is made before it. */
  readonly functionArn: string;
  readonly vpc: IVpc;
  /** What clients ask, without a path. */
  readonly productionUrl: string;
  /** What leads to tasks that no client reaches yet. @default - there is no such thing */
  readonly testUrl?: string;
  /** Whether the load balancer has a certificate, which names the service and not the balancer. */
  readonly secure: boolean;
  readonly logRetention: RetentionDays;
}

const TRIES = 5;
const PAUSE = Duration.seconds(3);

/**
 * Asks the service through its load balancer, in the VPC, where an internal balancer is reached. It answers ECS while a
 * deployment is under way, and the pipeline after it.
 */
export class VerificationFunction extends Construct {
  readonly securityGroup: SecurityGroup;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: VerificationFunctionProps) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc,
      description: 'Verification: out to the load balancer only',
      allowAllOutbound: false,
    });
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: 'Asks the service through its load balancer',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(readFileSync(join(__dirname, 'verification', 'handler.js'), 'utf8')),
      environment: environmentOf(props),
      timeout: Duration.seconds(
        Math.ceil(TRIES * props.latencyBudget.toSeconds({ integral: false })) +
          (TRIES - 1) * PAUSE.toSeconds() +
          10,
      ),
      logGroup,
      role: this.role(props, logGroup),
      vpc: props.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [this.securityGroup],
    });
    // It is made behind its role anyway: it names the role, whose policies are part of it.
    (this.function.node.defaultChild as CfnFunction).addDeletionOverride('DependsOn');
    Validations.of(this.function).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'The code needs nothing newer, and Lambda keeps this runtime patched until April 2027',
    });
  }

  /**
   * Its log, and the network interface that Lambda puts into the VPC with the rights of the function.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  private role({ functionArn }: VerificationFunctionProps, logGroup: LogGroup): Role {
    const interfaces = {
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    };
    const role = new Role(this, 'Role', {
      description: 'Writes the log of the verification function, and gives it a network interface',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Log: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [logGroup.logGroupArn],
            }),
          ],
        }),
        NetworkInterface: new PolicyDocument({
          statements: [
            new PolicyStatement(interfaces),
            // Lambda itself needs it, the code does not.
            new PolicyStatement({
              ...interfaces,
              effect: Effect.DENY,
              conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
            }),
          ],
        }),
      },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'Lambda chooses the network interface; the code of the function itself is denied the same calls',
    });
    return role;
  }
}

function environmentOf(props: VerificationFunctionProps): Record<string, string> {
  return {
    PRODUCTION_URL: `${props.productionUrl}${props.path}`,
    ...(props.testUrl !== undefined && { TEST_URL: `${props.testUrl}${props.path}` }),
    EXPECTED_STATUS: String(props.status),
    LATENCY_MS: String(props.latencyBudget.toMilliseconds()),
    TRIES: String(TRIES),
    PAUSE_MS: String(PAUSE.toMilliseconds()),
    // The certificate names the service, not the balancer. Nothing secret is sent, and one status is read.
    ...(props.secure && { NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
  };
}
