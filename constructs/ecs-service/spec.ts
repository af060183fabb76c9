import { z } from 'zod';
import { type AwsCall, LockstepError, type Verb } from '../../contract';

/** Kind of this deploy target in the manifest. */
export const ECS_SERVICE_KIND = 'ecs-service';

const percent = z.int().min(0).max(200);
const minutes = z.int().nonnegative();

/** Both revisions run at full size until the bake is over. */
const shifting = {
  /** How long the old tasks stay after all traffic has moved. */
  bakeMinutes: minutes,
  /** Asked once the test listener leads to the new tasks; its answer ends the deployment or lets it go on. */
  hook: z.strictObject({ functionArn: z.string(), roleArn: z.string() }).optional(),
};

/**
 * How a deployment goes from one version to the next, as ECS itself does it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
const updateSchema = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('rolling') }),
  z.strictObject({ strategy: z.literal('blueGreen'), ...shifting }),
  z.strictObject({
    strategy: z.literal('canary'),
    ...shifting,
    canaryPercent: z.number().min(0.1).max(100),
    canaryMinutes: minutes,
  }),
  z.strictObject({
    strategy: z.literal('linear'),
    ...shifting,
    stepPercent: z.number().min(3).max(100),
    stepMinutes: minutes,
  }),
]);

export type ServiceUpdate = z.infer<typeof updateSchema>;
export type ServiceStrategy = ServiceUpdate['strategy'];

const specSchema = z.strictObject({
  cluster: z.string(),
  service: z.string(),
  /** Container whose image the pipeline changes. */
  container: z.string(),
  taskDefinitionFamily: z.string(),
  taskRoleArn: z.string(),
  executionRoleArn: z.string(),
  logGroup: z.string(),
  logStreamPrefix: z.string(),
  parameters: z.strictObject({
    /** Written by the stack: ARN of the task definition that it declares. */
    declaredTaskDefinition: z.string().startsWith('/'),
    /** Written by the pipeline after success: ARN of the task definition that the service runs. */
    releasedTaskDefinition: z.string().startsWith('/'),
    /** Written by the pipeline after success: image with digest. */
    releasedImage: z.string().startsWith('/'),
  }),
  /** Tasks that the first deployment starts; later ones keep what autoscaling chose. */
  desiredCount: z.int().positive(),
  minimumHealthyPercent: percent,
  maximumPercent: percent,
  update: updateSchema,
  /** Alarms that end a deployment while it is under way. */
  alarms: z.array(z.string()).readonly(),
  /** Function that asks the service through its load balancer, as its clients do. */
  verification: z.strictObject({ functionName: z.string() }).optional(),
  deployTimeoutMinutes: z.int().positive(),
  /** Where tasks find their GPUs; absent on Fargate. */
  capacity: z
    .strictObject({
      /** On demand, the first that AWS has is taken. */
      instanceTypes: z.array(z.string()).min(1).readonly(),
      /** AWS may have no Spot Instance to give, and takes one away two minutes after it has said so. */
      purchase: z.enum(['onDemand', 'warm', 'spot']),
      /** Of the type with the fewest. */
      gpusPerInstance: z.int().nonnegative(),
      maxInstances: z.int().positive(),
      gpusPerTask: z.int().nonnegative(),
      /** How long tasks may stay unplaced while the cluster can still grow. */
      placementTimeoutMinutes: z.int().positive(),
    })
    .optional(),
  /** When autoscaling takes the tasks away, and when it starts them again. */
  sleep: z
    .strictObject({
      from: z.string(),
      to: z.string(),
      days: z.enum(['weekdays', 'everyDay']),
      timeZone: z.string(),
    })
    .optional(),
});

export type EcsServiceSpec = z.infer<typeof specSchema>;

/** @throws LockstepError `InvalidSpec` */
export function parseEcsServiceSpec(value: unknown, place: string): EcsServiceSpec {
  const parsed = specSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LockstepError(
    'InvalidSpec',
    parsed.error.issues.map((issue) => ({
      place: `${place} spec.${issue.path.join('.')}`,
      value: 'a value of another form',
      allowed: issue.message,
      change: 'run `npx projen` to write the manifest anew',
    })),
  );
}

/** Account and region that the ARNs of the calls are made of. */
export interface Location {
  readonly account: string;
  readonly region: string;
}

/**
 * What each verb calls. Resource types and condition keys follow the service authorization reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function ecsServiceCalls(
  spec: EcsServiceSpec,
  { account, region }: Location,
): Record<Verb, AwsCall[]> {
  const ecs = (resource: string) => `arn:aws:ecs:${region}:${account}:${resource}`;
  const parameter = (name: string) => `arn:aws:ssm:${region}:${account}:parameter${name}`;
  const service = ecs(`service/${spec.cluster}/${spec.service}`);
  const deployments = ecs(`service-deployment/${spec.cluster}/${spec.service}/*`);
  const revisions = ecs(`service-revision/${spec.cluster}/${spec.service}/*`);
  const inCluster = { 'ecs:cluster': ecs(`cluster/${spec.cluster}`) };

  const ofService = 'ECS chooses the id; cluster and service are named, and the cluster is a condition';
  const ofCluster = 'ECS chooses the id; the cluster is named and a condition';

  const describeService: AwsCall = {
    action: 'ecs:DescribeServices',
    resources: [service],
    context: inCluster,
  };
  const describeDefinition: AwsCall = {
    action: 'ecs:DescribeTaskDefinition',
    resources: ['*'],
    because: 'IAM offers no resource type for it',
  };
  const history: AwsCall[] = [
    { action: 'ecs:ListServiceDeployments', resources: [service], context: inCluster },
    {
      action: 'ecs:DescribeServiceDeployments',
      resources: [service, deployments],
      because: ofService,
      context: inCluster,
    },
    {
      action: 'ecs:DescribeServiceRevisions',
      resources: [service, revisions],
      because: ofService,
      context: inCluster,
    },
  ];
  const { declaredTaskDefinition, releasedTaskDefinition, releasedImage } = spec.parameters;
  const readRelease: AwsCall = {
    action: 'ssm:GetParameters',
    resources: [declaredTaskDefinition, releasedTaskDefinition, releasedImage].map(parameter),
  };
  const state: AwsCall[] = [describeService, ...history, describeDefinition, readRelease];
  const tasks: AwsCall[] = [
    {
      action: 'ecs:ListTasks',
      resources: [ecs(`container-instance/${spec.cluster}/*`)],
      because: ofCluster,
      context: inCluster,
    },
    {
      action: 'ecs:DescribeTasks',
      resources: [ecs(`task/${spec.cluster}/*`)],
      because: ofCluster,
      context: inCluster,
    },
  ];
  const instances: AwsCall[] = spec.capacity
    ? [
        { action: 'ecs:ListContainerInstances', resources: [ecs(`cluster/${spec.cluster}`)] },
        {
          action: 'ecs:DescribeContainerInstances',
          resources: [ecs(`container-instance/${spec.cluster}/*`)],
          because: ofCluster,
          context: inCluster,
        },
      ]
    : [];
  const register: AwsCall[] = [
    {
      action: 'ecs:RegisterTaskDefinition',
      resources: [ecs(`task-definition/${spec.taskDefinitionFamily}:*`)],
      because: 'ECS chooses the revision number; the family is named',
    },
    {
      action: 'iam:PassRole',
      resources: [spec.taskRoleArn, spec.executionRoleArn],
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    },
  ];
  const hookRole = spec.update.strategy === 'rolling' ? undefined : spec.update.hook?.roleArn;
  // A deployment sends the whole configuration, hooks too: a way back may have left them out.
  const passHookRole: AwsCall[] = hookRole
    ? [
        {
          action: 'iam:PassRole',
          resources: [hookRole],
          context: { 'iam:PassedToService': 'ecs.amazonaws.com' },
        },
      ]
    : [];
  const ask: AwsCall[] = spec.verification
    ? [
        {
          action: 'lambda:InvokeFunction',
          resources: [`arn:aws:lambda:${region}:${account}:function:${spec.verification.functionName}`],
        },
      ]
    : [];
  // Versions that are older than the service's history are found by their family.
  const listDefinitions: AwsCall = {
    action: 'ecs:ListTaskDefinitions',
    resources: ['*'],
    because: 'IAM offers no resource type for it',
  };
  const update: AwsCall[] = [{ action: 'ecs:UpdateService', resources: [service], context: inCluster }];
  const stop: AwsCall[] = [
    {
      action: 'ecs:StopServiceDeployment',
      resources: [service, deployments],
      because: ofService,
      context: inCluster,
    },
  ];
  const record: AwsCall[] = [
    { action: 'ssm:PutParameter', resources: [releasedTaskDefinition, releasedImage].map(parameter) },
  ];
  const logs: AwsCall[] = [
    {
      action: 'logs:GetLogEvents',
      resources: [`arn:aws:logs:${region}:${account}:log-group:${spec.logGroup}:log-stream:*`],
      because: 'a stream is named after a task, whose id ECS chooses; the group is named',
    },
  ];
  // Only on instances of one's own can a task wait for a place that never comes free.
  const placement = spec.capacity ? [...tasks, ...instances] : [];
  const wait = [...state, ...placement, ...stop, ...record];
  return {
    deploy: [...state, ...register, ...passHookRole, ...update, ...record],
    wait,
    // It registers nothing: whoever may only go back cannot bring in another image.
    rollback: [...wait, ...update],
    recall: [...wait, listDefinitions, ...update],
    diagnose: [describeService, ...history, ...tasks, ...instances, ...logs],
    verify: [describeService, describeDefinition, ...tasks, readRelease, ...ask],
    // Waiting and going back record what has reached its end.
    confirm: [],
    status: state,
  };
}
