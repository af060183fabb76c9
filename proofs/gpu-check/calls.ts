import type { AwsCall, Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import { type GpuCheck, gpuChecksOf, placeOfCheck } from './spec';

/** The two things that a combination's job does at AWS. */
const STEPS = ['build', 'run'] as const;
type StepName = (typeof STEPS)[number];

/** What is wrong with the calls that a check declares. */
interface CheckCallFaults {
  readonly checked: number;
  /** Calls that a step makes and that are not declared. */
  readonly missing: readonly Fault[];
  /** Calls that are declared and that no step makes. */
  readonly beyond: readonly Fault[];
}

/** Pushing layers and an image. There is no layer cache to pull from. */
const PUSH = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/**
 * What building and running a combination ask IAM for, from what they do and the service authorization reference; the
 * check has a table of its own, so that a mistake in one of them shows. `gpu-check report` asks AWS for nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html (who runs a task hands over its roles)
 */
function callsOf({ entry, spec }: GpuCheck): Readonly<Record<StepName, readonly AwsCall[]>> {
  const { account, region, image } = entry;
  const call = (action: string, resource = '*', context?: AwsCall['context']): AwsCall => ({
    action,
    resources: [resource],
    ...(context && { context }),
  });
  const ecs = (resource: string): string => `arn:aws:ecs:${region}:${account}:${resource}`;
  const { repository } = image;
  const images = `arn:aws:ecr:${repository.region}:${repository.account}:repository/${repository.name}`;
  const inCluster = { 'ecs:cluster': ecs(`cluster/${spec.cluster}`) };
  const definition = ecs(`task-definition/${spec.taskDefinitionFamily}:*`);
  const task = ecs(`task/${spec.cluster}/*`);
  const toTasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
  return {
    build: [call('ecr:GetAuthorizationToken'), ...PUSH.map((action) => call(action, images))],
    run: [
      call(
        'ssm:GetParameter',
        `arn:aws:ssm:${region}:${account}:parameter${spec.parameters.declaredTaskDefinition}`,
      ),
      call('ecs:DescribeTaskDefinition'),
      call('ecs:RegisterTaskDefinition', definition),
      ...[spec.taskRoleArn, spec.executionRoleArn].map((role) => call('iam:PassRole', role, toTasks)),
      call('ecs:RunTask', definition, inCluster),
      call('ecs:DescribeTasks', task, inCluster),
      call('ecs:StopTask', task, inCluster),
      call('ecs:DescribeContainerInstances', ecs(`container-instance/${spec.cluster}/*`), inCluster),
      call('ecs:DeregisterTaskDefinition'),
      call('logs:GetLogEvents', `arn:aws:logs:${region}:${account}:log-group:${spec.logGroup}:log-stream:*`),
    ],
  };
}

/** Declared calls of each check against those that its steps make, in both directions. */
export function checkCallFaults({ manifest }: Artefacts): CheckCallFaults {
  const parts = gpuChecksOf(manifest).flatMap((check) => STEPS.map((step) => ofStep(check, step)));
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    missing: parts.flatMap(({ missing }) => missing),
    beyond: parts.flatMap(({ beyond }) => beyond),
  };
}

function ofStep(check: GpuCheck, step: StepName): CheckCallFaults {
  const place = `${placeOfCheck(check.entry)} calls.${step}`;
  const made = callsOf(check)[step].map(said);
  const declared = check.entry.calls[step].flatMap(single).map(said);
  return {
    checked: made.length + declared.length,
    missing: made
      .filter((call) => !declared.includes(call))
      .map((call) => ({
        place,
        value: `no ${call}`,
        allowed: `what it asks AWS for: ${made.join(', ')}`,
        change: 'declare the call, in the form in which IAM is asked',
      })),
    beyond: declared
      .filter((call) => !made.includes(call))
      .map((call) => ({
        place,
        value: call,
        allowed: made.join(', '),
        change: 'remove the call, or narrow it to what it works on',
      })),
  };
}

const single = (call: AwsCall): readonly AwsCall[] =>
  call.resources.map((resource) => ({ ...call, resources: [resource] }));

const said = ({ action, resources, context = {} }: AwsCall): string => {
  const keys = Object.entries(context)
    .sort()
    .map(([key, value]) => `${key} ${value}`);
  return `${action} on ${resources.join(', ')}${keys.length > 0 ? ` with ${keys.join(' and ')}` : ''}`;
};
