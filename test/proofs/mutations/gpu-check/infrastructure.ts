import type { GpuCheckEntry } from '../../../../contract';
import type { Mutation } from '../../sample';
import { defects, type Json } from '../k3s/edit';
import { resourceIn, rewriting, setting } from '../service/edit';
import { CHECK, astray, entering, inCheck, specifying, STACK } from './edit';

const name = defects('P01', CHECK);
const matrix = astray('P01');
const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const PROVIDER = 'AWS::ECS::CapacityProvider';
const TYPE = 'g4dn2xlarge';

const withMatrix = (change: (one: GpuCheckEntry['matrix']) => Partial<GpuCheckEntry['matrix']>) =>
  entering((entry) => ({ matrix: { ...entry.matrix, ...change(entry.matrix) } }));

/** Names that mean another thing on the other side. */
export const CHECK_NAME_MUTATIONS: readonly Mutation[] = [
  matrix(
    'a combination that the tables leave out',
    inCheck(/ {10}(?:#[^\n]*\n {10})+- cuda: 12\.1\.1\n {12}pytorch: 2\.9\.0\n/, ''),
  ),
  matrix('a matrix without exclusions', inCheck(/ {8}exclude:\n(?: {10}[^\n]*\n)+/, '')),
  matrix(
    'a combination that is left out for nothing',
    inCheck('          - cuda: 12.2.0\n', '          - cuda: 12.2.0\n          - driver: 525.85.12\n'),
  ),
  matrix(
    'a driver that the manifest does not have',
    inCheck(/driver: \[525\.85\.12, /, 'driver: [470.57.02, 525.85.12, '),
  ),
  matrix('a version of CUDA that is not checked', inCheck('cuda: [12.1.1, ', 'cuda: [')),
  matrix('a version twice', inCheck('cuda: [12.1.1, ', 'cuda: [12.1.1, 12.1.1, ')),
  matrix(
    'a combination besides',
    inCheck('        exclude:\n', '        include:\n          - cuda: 11.8.0\n        exclude:\n'),
  ),
  matrix('no matrix at all', inCheck(/ {6}matrix:\n(?: {8}[^\n]*\n)+/, '')),
  matrix(
    'versions in the manifest only',
    withMatrix(({ pytorch }) => ({ pytorch: [...pytorch, '2.10.0'] })),
  ),
  name(
    'a manifest that leaves everything out',
    withMatrix(({ cuda }) => ({ exclude: cuda.map((one) => ({ cuda: one, because: 'it is Monday' })) })),
  ),
  name(
    'a cluster that no stack makes',
    specifying(() => ({ cluster: 'ml-platform-kvs-infer-checks' })),
  ),
  name(
    'a log group of the service',
    specifying(() => ({ logGroup: '/ml-platform/kvs-infer' })),
  ),
  name(
    'a prefix of streams that the log driver does not write',
    specifying(() => ({ logStreamPrefix: 'gpu' })),
  ),
  name(
    'a container that the task does not have',
    specifying(() => ({ container: 'kvs-infer' })),
  ),
  name(
    'the execution role as task role',
    specifying((spec) => ({ taskRoleArn: spec.executionRoleArn })),
  ),
  name(
    'a family of the service',
    specifying(() => ({ taskDefinitionFamily: 'ml-platform-kvs-infer-staging' })),
  ),
  name(
    'a parameter that nobody writes',
    specifying(() => ({ parameters: { declaredTaskDefinition: '/ml-platform/nothing' } })),
  ),
  name(
    'a parameter that holds something else',
    setting(
      'AWS::SSM::Parameter',
      'DeclaredTaskDefinition',
      'Value',
      'arn:aws:ecs:us-east-1:111111111111:task-definition/other:1',
      STACK,
    ),
  ),
  name(
    'two providers that change places',
    specifying(({ capacityProviders }) => {
      const all = capacityProviders as readonly { instanceType: string; name: string }[];
      return {
        capacityProviders: all.map(({ instanceType }, index) => ({
          instanceType,
          name: all[(index + 1) % all.length]?.name ?? '',
        })),
      };
    }),
  ),
  name(
    'a provider that the cluster does not have',
    rewriting(
      'AWS::ECS::ClusterCapacityProviderAssociations',
      '',
      'Checkg4dn2xlargeCapacityProvider',
      'Other',
      STACK,
    ),
  ),
  name('a provider with another name', setting(PROVIDER, TYPE, 'Name', 'cp-other', STACK)),
  name(
    'an EC2 type without provider',
    specifying(({ capacityProviders }) => ({
      capacityProviders: (capacityProviders as readonly Json[]).slice(1),
    })),
  ),
  name(
    'a repository of another account',
    entering(({ image }) => ({
      image: { ...image, repository: { ...image.repository, account: '222222222222' } },
    })),
  ),
  name(
    'a repository that no stack makes',
    setting('AWS::ECR::Repository', '', 'RepositoryName', 'ml-platform/other', STACK),
  ),
  name(
    'a check of a workload that there is not',
    entering(() => ({ workload: 'kvs-train' })),
  ),
  name(
    'a check in an environment that there is not',
    entering(() => ({ environment: 'qa' })),
  ),
  name(
    'the role of the deployment',
    entering(() => ({ role: 'kvs-infer-staging-deploy' })),
  ),
  name(
    'a task that is larger than the manifest says',
    rewriting('AWS::ECS::TaskDefinition', '', '"Memory":8192', '"Memory":12288', STACK),
  ),
  name(
    'a spec without cluster',
    specifying(() => ({ cluster: undefined })),
  ),
];

const beyond = defects('P05', CHECK);
const missing = defects('P04', CHECK);
const roleStack = defects('P05', STACK);
const calls = (change: (calls: GpuCheckEntry['calls']) => Partial<GpuCheckEntry['calls']>) =>
  entering((entry) => ({ calls: { ...entry.calls, ...change(entry.calls) } }));
const without = (action: string) => calls(({ run }) => ({ run: run.filter((one) => one.action !== action) }));

/** Calls and roles of a check that are too many, or too few. */
export const CHECK_CALL_MUTATIONS: readonly Mutation[] = [
  missing('a task that nobody may stop', without('ecs:StopTask')),
  missing('a definition that nobody takes back', without('ecs:DeregisterTaskDefinition')),
  missing('roles that nobody hands over', without('iam:PassRole')),
  missing(
    'an image that cannot be pushed',
    calls(({ build }) => ({ build: build.filter((one) => one.action !== 'ecr:PutImage') })),
  ),
  missing(
    'a task in whatever cluster',
    calls(({ run }) => ({
      run: run.map((one) => (one.action === 'ecs:RunTask' ? { ...one, context: {} } : one)),
    })),
  ),
  beyond(
    'a check that updates services',
    calls(({ run }) => ({ run: [...run, { action: 'ecs:UpdateService', resources: ['*'] }] })),
  ),
  beyond(
    'images that a check deletes',
    calls(({ build }) => ({ build: [...build, { action: 'ecr:BatchDeleteImage', resources: ['*'] }] })),
  ),
  beyond(
    'logs of everybody',
    calls(({ run }) => ({
      run: run.map((one) => (one.action === 'logs:GetLogEvents' ? { ...one, resources: ['*'] } : one)),
    })),
  ),
  defects('P04', /check\/Run it on a GPU|check\/check/)(
    'a role that may run no task',
    rewriting('AWS::IAM::Role', 'Lockstep check', 'ecs:RunTask', 'ecs:ListTasks', STACK),
  ),
  roleStack(
    'a role that may run any task',
    rewriting(
      'AWS::IAM::Role',
      'Lockstep check',
      'task-definition/ml-platform-kvs-infer-gpu-check:*',
      'task-definition/*',
      STACK,
    ),
  ),
  roleStack('tasks that may do something', (sample) => {
    resourceIn(sample, 'AWS::IAM::Role', 'TaskRole', STACK).Properties.Policies = [
      {
        PolicyName: 'Extra',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
        },
      },
    ];
  }),
  roleStack(
    'an execution role that pulls every image',
    rewriting(
      'AWS::IAM::Policy',
      'ExecutionRole',
      '"Resource":{"Fn::GetAtt":["CheckImages6043000F","Arn"]}',
      '"Resource":"*"',
      STACK,
    ),
  ),
  roleStack(
    'an execution role for machines too',
    rewriting(
      'AWS::IAM::Role',
      'ExecutionRole',
      '"Service":"ecs-tasks.amazonaws.com"',
      '"Service":["ecs-tasks.amazonaws.com","ec2.amazonaws.com"]',
      STACK,
    ),
  ),
  defects('P04', STACK)(
    'an execution role that cannot pull',
    rewriting('AWS::IAM::Policy', 'ExecutionRole', 'ecr:GetDownloadUrlForLayer', 'ecr:DescribeImages', STACK),
  ),
  defects('P04', STACK)(
    'an execution role that ECS does not get',
    rewriting('AWS::IAM::Role', 'ExecutionRole', 'ecs-tasks.amazonaws.com', 'ecs.amazonaws.com', STACK),
  ),
  defects('P03', STACK)(
    'a check that every branch may start',
    rewriting(
      'AWS::IAM::Role',
      'Lockstep check',
      'repo:octo-org/ml-platform:environment:staging',
      'repo:octo-org/ml-platform:*',
      STACK,
    ),
  ),
  defects('P03', STACK)(
    'a role to check for other files',
    rewriting(
      'AWS::IAM::Role',
      'Lockstep check',
      'kvs-infer-gpu-compatibility.yml@refs/heads/main',
      'kvs-infer-deploy.yml@refs/heads/main',
      STACK,
    ),
  ),
  defects('P06', STACK)(
    'a role that pushes to every repository',
    rewriting(
      'AWS::IAM::Role',
      'Lockstep check',
      'repository/ml-platform/kvs-infer-gpu-check',
      'repository/ml-platform/*',
      STACK,
    ),
  ),
];

const room = defects('P10', STACK);

/** Instances and images of a check. */
export const CHECK_ROOM_MUTATIONS: readonly Mutation[] = [
  room('an instance that waits all week', setting(GROUP, TYPE, 'MinSize', '1', STACK)),
  room('an instance from the start', setting(GROUP, TYPE, 'DesiredCapacity', '1', STACK)),
  room('a type without an instance', setting(GROUP, TYPE, 'MaxSize', '0', STACK)),
  room(
    'fewer instances than combinations at once',
    entering(() => ({ maxParallel: 2 })),
  ),
  room(
    'instances of another type',
    rewriting('AWS::EC2::LaunchTemplate', TYPE, 'g4dn.2xlarge', 'g4dn.xlarge', STACK),
  ),
  room(
    'instances that nobody scales',
    rewriting(PROVIDER, TYPE, '"Status":"ENABLED"', '"Status":"DISABLED"', STACK),
  ),
  room(
    'a task that fits on no instance',
    specifying(() => ({ task: { cpu: 2048, memoryMib: 32_768, gpus: 1 } })),
  ),
  defects('P08', STACK)(
    'tags that move',
    setting('AWS::ECR::Repository', '', 'ImageTagMutability', 'MUTABLE', STACK),
  ),
  defects('P08', STACK)(
    'images that stay for ever',
    setting('AWS::ECR::Repository', '', 'LifecyclePolicy', undefined, STACK),
  ),
  defects('P08', STACK)(
    'images of which those with tags stay',
    rewriting('AWS::ECR::Repository', '', '\\"any\\"', '\\"untagged\\"', STACK),
  ),
];
