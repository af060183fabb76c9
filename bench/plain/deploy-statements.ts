import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

export interface DeployedNames {
  readonly account: string;
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
  readonly taskRole: string;
  readonly executionRole: string;
  readonly logGroup: string;
  /** Name of the function that asks the service. */
  readonly verification: string;
  /** Beginning of the names of the service's SSM parameters. */
  readonly parameters: string;
}

/** What a job needs that deploys an ECS service, waits for it, rolls it back and reads its logs. */
export function deployStatements(names: DeployedNames): {
  readonly statements: PolicyStatement[];
  readonly wildcards: string[];
} {
  const { account, region, cluster, service } = names;
  const ecs = (resource: string) => `arn:aws:ecs:${region}:${account}:${resource}`;
  const parameter = (name: string) => `arn:aws:ssm:${region}:${account}:parameter${names.parameters}/${name}`;
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  const inCluster = { ArnEquals: { 'ecs:cluster': ecs(`cluster/${cluster}`) } };
  const serviceArn = ecs(`service/${cluster}/${service}`);
  const deployments = ecs(`service-deployment/${cluster}/${service}/*`);
  const revisions = ecs(`service-revision/${cluster}/${service}/*`);
  const instances = ecs(`container-instance/${cluster}/*`);
  const tasks = ecs(`task/${cluster}/*`);
  const definitions = ecs(`task-definition/${cluster}:*`);
  const logStreams = `arn:aws:logs:${region}:${account}:log-group:${names.logGroup}:log-stream:*`;
  const allow = (
    actions: string[],
    resources: string[],
    conditions?: Record<string, Record<string, string>>,
  ) => new PolicyStatement({ actions, resources, ...(conditions && { conditions }) });
  return {
    statements: [
      allow(['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'], ['*']),
      allow(['ecs:ListContainerInstances'], [ecs(`cluster/${cluster}`)]),
      allow(['ecs:DescribeContainerInstances', 'ecs:ListTasks'], [instances], inCluster),
      allow(
        ['ecs:DescribeServiceDeployments', 'ecs:StopServiceDeployment'],
        [deployments, serviceArn],
        inCluster,
      ),
      allow(['ecs:DescribeServiceRevisions'], [revisions, serviceArn], inCluster),
      allow(
        ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:UpdateService'],
        [serviceArn],
        inCluster,
      ),
      allow(['ecs:RegisterTaskDefinition'], [definitions]),
      allow(['ecs:DescribeTasks'], [tasks], inCluster),
      allow(['iam:PassRole'], [role(names.executionRole), role(names.taskRole)], {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      }),
      allow(['logs:GetLogEvents'], [logStreams]),
      allow(
        ['lambda:InvokeFunction'],
        [`arn:aws:lambda:${region}:${account}:function:${names.verification}`],
      ),
      allow(
        ['ssm:GetParameters'],
        ['declared-task-definition', 'released-image', 'released-task-definition'].map(parameter),
      ),
      allow(['ssm:PutParameter'], ['released-image', 'released-task-definition'].map(parameter)),
    ],
    wildcards: ['*', deployments, revisions, instances, tasks, definitions, logStreams],
  };
}
