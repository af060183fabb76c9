import type { StoredPolicy } from './state';

/**
 * Managed policies of AWS that roles of services have. A role with any other cannot be used in a rehearsal.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
 */
export const AWS_MANAGED: ReadonlyMap<string, StoredPolicy> = new Map([
  [
    'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy',
    {
      name: 'AmazonECSTaskExecutionRolePolicy',
      document: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: [
              'ecr:GetAuthorizationToken',
              'ecr:BatchCheckLayerAvailability',
              'ecr:GetDownloadUrlForLayer',
              'ecr:BatchGetImage',
              'logs:CreateLogStream',
              'logs:PutLogEvents',
            ],
            Resource: '*',
          },
        ],
      },
    },
  ],
  [
    'arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers',
    {
      name: 'AmazonECSInfrastructureRolePolicyForLoadBalancers',
      document: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: [
              'elasticloadbalancing:DescribeListeners',
              'elasticloadbalancing:DescribeRules',
              'elasticloadbalancing:DescribeTargetGroups',
              'elasticloadbalancing:DescribeTargetHealth',
            ],
            Resource: '*',
          },
          {
            Effect: 'Allow',
            Action: ['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets'],
            Resource: 'arn:aws:elasticloadbalancing:*:*:targetgroup/*/*',
          },
          {
            Effect: 'Allow',
            Action: 'elasticloadbalancing:ModifyListener',
            Resource: [
              'arn:aws:elasticloadbalancing:*:*:listener/app/*/*/*',
              'arn:aws:elasticloadbalancing:*:*:listener/net/*/*/*',
            ],
          },
          {
            Effect: 'Allow',
            Action: 'elasticloadbalancing:ModifyRule',
            Resource: 'arn:aws:elasticloadbalancing:*:*:listener-rule/app/*/*/*/*',
          },
        ],
      },
    },
  ],
]);
