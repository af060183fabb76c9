import type { StoredPolicy } from './state';

/**
 * Managed policies of AWS that roles of services have. A role with any other cannot be used in a rehearsal.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html
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
]);
