import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { GpuCheckNames } from './gpu-check-task';

/** What a job needs that pushes an image and runs it once. */
export function checkStatements(
  { account, base, parameters }: GpuCheckNames,
  region: string,
  repositoryName: string,
): { readonly statements: PolicyStatement[]; readonly wildcards: string[] } {
  const ecs = (resource: string) => `arn:aws:ecs:${region}:${account}:${resource}`;
  const role = (name: string) => `arn:aws:iam::${account}:role/${base}-${name}`;
  const inCluster = { ArnEquals: { 'ecs:cluster': ecs(`cluster/${base}`) } };
  const definitions = ecs(`task-definition/${base}:*`);
  const tasks = ecs(`task/${base}/*`);
  const instances = ecs(`container-instance/${base}/*`);
  const logStreams = `arn:aws:logs:${region}:${account}:log-group:${parameters}:log-stream:*`;
  const allow = (
    actions: string[],
    resources: string[],
    conditions?: Record<string, Record<string, string>>,
  ) => new PolicyStatement({ actions, resources, ...(conditions && { conditions }) });
  return {
    statements: [
      allow(
        ['ecr:GetAuthorizationToken', 'ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition'],
        ['*'],
      ),
      allow(
        [
          'ecr:BatchCheckLayerAvailability',
          'ecr:BatchGetImage',
          'ecr:CompleteLayerUpload',
          'ecr:InitiateLayerUpload',
          'ecr:PutImage',
          'ecr:UploadLayerPart',
        ],
        [`arn:aws:ecr:${region}:${account}:repository/${repositoryName}`],
      ),
      allow(['ecs:RegisterTaskDefinition'], [definitions]),
      allow(['ecs:RunTask'], [definitions], inCluster),
      allow(['ecs:DescribeTasks', 'ecs:StopTask'], [tasks], inCluster),
      allow(['ecs:DescribeContainerInstances'], [instances], inCluster),
      allow(['iam:PassRole'], [role('execution'), role('task')], {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      }),
      allow(['logs:GetLogEvents'], [logStreams]),
      allow(
        ['ssm:GetParameter'],
        [`arn:aws:ssm:${region}:${account}:parameter${parameters}/declared-task-definition`],
      ),
    ],
    wildcards: ['*', definitions, tasks, instances, logStreams],
  };
}
