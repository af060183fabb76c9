import { editWorkflow, findResource, resourcesOfStack, type Mutation, type Sources } from '../../sample';
import {
  type Json,
  PRODUCTION,
  STAGING,
  DEPLOY,
  ROLLBACK,
  MANIFEST,
  roleProperties,
  change,
  editManifest,
  removeResource,
} from './edit';

function taskDefinitionOf(sample: Sources, stack: string): Json {
  return change(
    Object.values(resourcesOfStack(sample, stack)),
    ({ Type }) => Type === 'AWS::ECS::TaskDefinition',
  ).Properties;
}

const containerOf = (sample: Sources, stack: string): Json =>
  change(taskDefinitionOf(sample, stack).ContainerDefinitions as readonly Json[], () => true);

const logsOf = (sample: Sources, stack: string): Json =>
  (containerOf(sample, stack).LogConfiguration as { readonly Options: Json }).Options;

/** Defects in names, which P01 must find. */
export const NAME_MUTATIONS: readonly Mutation[] = [
  {
    name: 'the cluster is renamed in the template only',
    owner: 'P01',
    place: 'targets.kvs-infer-production',
    apply: (sample) => {
      findResource(sample, 'AWS::ECS::Cluster', 'ClusterName', PRODUCTION).Properties.ClusterName = 'other';
    },
  },
  {
    name: 'the service is renamed in the template only',
    owner: 'P01',
    place: 'targets.kvs-infer-staging',
    apply: (sample) => {
      const service = change(
        Object.values(resourcesOfStack(sample, STAGING)),
        ({ Type }) => Type === 'AWS::ECS::Service',
      );
      service.Properties.ServiceName = 'kvs-inference';
    },
  },
  {
    name: 'the repository is renamed in the template only',
    owner: 'P01',
    place: 'images.kvs-infer',
    apply: (sample) => {
      findResource(
        sample,
        'AWS::ECR::Repository',
        'RepositoryName',
        'ml-platform/kvs-infer',
      ).Properties.RepositoryName = 'ml-platform/kvs';
    },
  },
  {
    name: 'an SSM parameter is no longer made',
    owner: 'P01',
    place: /targets\.kvs-infer-production .*(calls|releasedImage)/,
    apply: (sample) => {
      removeResource(
        sample,
        `${PRODUCTION}-state`,
        (type, { Name }) => type === 'AWS::SSM::Parameter' && String(Name).endsWith('released-image'),
      );
    },
  },
  {
    name: 'the task definition family is renamed in the spec only',
    owner: 'P01',
    place: 'spec.taskDefinitionFamily',
    apply: (sample) => {
      const target = change(sample.manifest.targets, ({ id }) => id === 'kvs-infer-production');
      (target.spec as Json).taskDefinitionFamily = 'ml-platform-kvs-infer-prod';
    },
  },
  {
    name: 'the log group is renamed in the template only',
    owner: 'P01',
    place: 'targets.kvs-infer-production',
    apply: (sample) => {
      findResource(
        sample,
        'AWS::Logs::LogGroup',
        'LogGroupName',
        '/ml-platform/production/kvs-infer',
      ).Properties.LogGroupName = '/ml/kvs';
    },
  },
  {
    name: 'the container has another name in the task definition',
    owner: 'P01',
    place: /targets\.kvs-infer-staging .*spec\.container/,
    apply: (sample) => {
      containerOf(sample, STAGING).Name = 'app';
    },
  },
  {
    name: 'the spec names a sidecar that the task definition does not have',
    owner: 'P01',
    place: /targets\.kvs-infer-production .*spec\.container/,
    apply: (sample) => editManifest(sample, '"container":"kvs-infer"', '"container":"ml-platform"'),
  },
  {
    name: 'the streams of the logs have another prefix in the task definition',
    owner: 'P01',
    place: /targets\.kvs-infer-staging .*spec\.logStreamPrefix/,
    apply: (sample) => {
      logsOf(sample, STAGING)['awslogs-stream-prefix'] = 'ecs';
    },
  },
  {
    name: 'the container writes to the log group of another environment',
    owner: 'P01',
    place: /targets\.kvs-infer-staging .*spec\.logGroup/,
    apply: (sample) => {
      logsOf(sample, STAGING)['awslogs-group'] = '/ml-platform/production/kvs-infer';
    },
  },
  {
    name: 'the log group of a target is another one of the same account',
    owner: 'P01',
    place: /targets\.kvs-infer-staging .*spec\.logGroup/,
    apply: (sample) => {
      resourcesOfStack(sample, STAGING).OtherLogs = {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: '/ml-platform/staging/other' },
      };
      editManifest(
        sample,
        '"logGroup":"/ml-platform/staging/kvs-infer"',
        '"logGroup":"/ml-platform/staging/other"',
      );
    },
  },
  {
    name: 'the container writes its logs elsewhere',
    owner: 'P01',
    place: /targets\.kvs-infer-production .*spec\.logGroup/,
    apply: (sample) => {
      (containerOf(sample, PRODUCTION).LogConfiguration as Json).LogDriver = 'json-file';
    },
  },
  {
    name: 'the task definition has another role',
    owner: 'P01',
    place: /targets\.kvs-infer-staging .*spec\.taskRoleArn/,
    apply: (sample) => {
      const definition = taskDefinitionOf(sample, STAGING);
      definition.TaskRoleArn = definition.ExecutionRoleArn;
    },
  },
  {
    name: 'a token got into the manifest',
    owner: 'P01',
    place: `${MANIFEST} targets.0.spec.logGroup`,
    apply: (sample) => {
      const [target] = sample.manifest.targets;
      ((target?.spec ?? {}) as Json).logGroup = '${Token[TOKEN.123]}';
    },
  },
  {
    name: 'the ARNs of a target name another region',
    owner: 'P01',
    place: 'targets.kvs-infer-production',
    apply: (sample) =>
      editManifest(sample, 'arn:aws:ecs:us-east-1:222222222222:', 'arn:aws:ecs:us-east-2:222222222222:'),
  },
  {
    name: 'the role has another name in the template',
    owner: 'P01',
    place: 'roles.kvs-infer-production-deploy',
    apply: (sample) => {
      roleProperties(sample, `${PRODUCTION}-deploy`).RoleName = `${PRODUCTION}-deployer`;
    },
  },
  {
    name: 'a workflow pushes its cache to a repository that no stack makes',
    owner: 'P01',
    place: /kvs-infer-deploy\.yml:\d+/,
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        'cache-from: type=registry,ref=222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-infer:',
        'cache-from: type=registry,ref=222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-cache:',
      ),
  },
  {
    name: 'the image to deploy comes from another region',
    owner: 'P01',
    place: /kvs-infer-deploy\.yml:\d+/,
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        /222222222222\.dkr\.ecr\.us-east-1(?=\.amazonaws\.com\/ml-platform\/kvs-infer@\$\{\{ needs\.build\.outputs\.digest \}\}\n {8}run: exec node \.lockstep\/cli\.mjs deploy kvs-infer --environment staging)/,
        '222222222222.dkr.ecr.eu-west-1',
      ),
  },
  {
    name: 'a job names an environment that is not declared',
    owner: 'P01',
    place: 'rollback-production',
    apply: (sample) => editWorkflow(sample, ROLLBACK, '      name: production\n', '      name: prod\n'),
  },
  {
    name: 'a job signs in to a region without stacks',
    owner: 'P01',
    place: 'deploy-production/Sign in to AWS',
    apply: (sample) =>
      editWorkflow(
        sample,
        DEPLOY,
        `${PRODUCTION}-deploy\n          aws-region: us-east-1`,
        `${PRODUCTION}-deploy\n          aws-region: us-west-1`,
      ),
  },
];
