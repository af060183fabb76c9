import { z } from 'zod';
import { type AwsCall, LockstepError } from '../../contract';

const specSchema = z.strictObject({
  cluster: z.string(),
  /** One for each EC2 type: a task names the provider of the type that it wants, and no other. */
  capacityProviders: z
    .array(z.strictObject({ instanceType: z.string(), name: z.string() }))
    .min(1)
    .readonly(),
  /** ECS-optimised image of the instances, as the compatibility tables name it. Its driver is the host's. */
  hostImage: z.string(),
  taskDefinitionFamily: z.string(),
  /** Container whose image each combination sets. */
  container: z.string(),
  /** What the task definition asks of an instance. It has no network: everything that the check needs is in the image. */
  task: z.strictObject({
    cpu: z.int().positive(),
    memoryMib: z.int().positive(),
    gpus: z.int().positive(),
  }),
  taskRoleArn: z.string(),
  executionRoleArn: z.string(),
  logGroup: z.string(),
  logStreamPrefix: z.string(),
  parameters: z.strictObject({
    /** Written by the stack: ARN of the task definition that it declares. */
    declaredTaskDefinition: z.string().startsWith('/'),
  }),
});

/** What the GPU check has to know of its cluster. */
export type GpuCheckSpec = z.infer<typeof specSchema>;

/** @throws LockstepError `InvalidSpec` */
export function parseGpuCheckSpec(value: unknown, place: string): GpuCheckSpec {
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

/** What the ARNs of the calls are made of. */
export interface GpuCheckLocation {
  readonly account: string;
  readonly region: string;
  /** Name of the image repository. */
  readonly repository: string;
}

export interface GpuCheckCalls {
  /** Pushing the image of a combination. */
  readonly build: readonly AwsCall[];
  /** Running it as a task. */
  readonly run: readonly AwsCall[];
}

/**
 * What a combination's job calls. Resource types and condition keys follow the service authorization reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 */
export function gpuCheckCalls(spec: GpuCheckSpec, location: GpuCheckLocation): GpuCheckCalls {
  return { build: buildCalls(location), run: runCalls(spec, location) };
}

function buildCalls({ account, region, repository }: GpuCheckLocation): AwsCall[] {
  const resources = [`arn:aws:ecr:${region}:${account}:repository/${repository}`];
  const push = [
    'BatchCheckLayerAvailability',
    'BatchGetImage',
    'CompleteLayerUpload',
    'InitiateLayerUpload',
    'PutImage',
    'UploadLayerPart',
  ];
  return [
    {
      action: 'ecr:GetAuthorizationToken',
      resources: ['*'],
      because: 'IAM offers no resource type for the login; what it opens is bounded by the other statements',
    },
    ...push.map((name): AwsCall => ({ action: `ecr:${name}`, resources })),
  ];
}

function runCalls(spec: GpuCheckSpec, { account, region }: GpuCheckLocation): AwsCall[] {
  const ecs = (resource: string) => `arn:aws:ecs:${region}:${account}:${resource}`;
  const inCluster = { 'ecs:cluster': ecs(`cluster/${spec.cluster}`) };
  const definitions = [ecs(`task-definition/${spec.taskDefinitionFamily}:*`)];
  const ofFamily = 'ECS chooses the revision number; the family is named';
  const nothingNarrower = 'IAM offers no resource type for it';
  const ofCluster = 'ECS chooses the id; the cluster is named and a condition';
  const onTasks = (action: string): AwsCall => ({
    action,
    resources: [ecs(`task/${spec.cluster}/*`)],
    because: ofCluster,
    context: inCluster,
  });
  return [
    {
      action: 'ssm:GetParameter',
      resources: [`arn:aws:ssm:${region}:${account}:parameter${spec.parameters.declaredTaskDefinition}`],
    },
    { action: 'ecs:DescribeTaskDefinition', resources: ['*'], because: nothingNarrower },
    { action: 'ecs:RegisterTaskDefinition', resources: definitions, because: ofFamily },
    {
      action: 'iam:PassRole',
      resources: [spec.taskRoleArn, spec.executionRoleArn],
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    },
    { action: 'ecs:RunTask', resources: definitions, because: ofFamily, context: inCluster },
    onTasks('ecs:DescribeTasks'),
    onTasks('ecs:StopTask'),
    {
      action: 'ecs:DescribeContainerInstances',
      resources: [ecs(`container-instance/${spec.cluster}/*`)],
      because: ofCluster,
      context: inCluster,
    },
    // A definition that is not active any more still serves the tasks and services that run it.
    { action: 'ecs:DeregisterTaskDefinition', resources: ['*'], because: nothingNarrower },
    {
      action: 'logs:GetLogEvents',
      resources: [`arn:aws:logs:${region}:${account}:log-group:${spec.logGroup}:log-stream:*`],
      because: 'a stream is named after a task, whose id ECS chooses; the group is named',
    },
  ];
}
