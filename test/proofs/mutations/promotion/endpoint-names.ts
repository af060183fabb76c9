import {
  findResource,
  type Mutation,
  resourcesOfStack,
  type SampleResource,
  type Sources,
} from '../../sample';
import { change, editManifest, type Json, removeResource } from '../calls/edit';
import { set } from '../set-property';
import { ENDPOINT_PRODUCTION as PRODUCTION, ENDPOINT_STAGING as STAGING } from '../workflow-names';

const BUCKET = 'ml-platform-bikeshare-models-222222222222';

const alarm = (sample: Sources): SampleResource =>
  findResource(sample, 'AWS::CloudWatch::Alarm', 'AlarmName', `${STAGING}-server-errors`);
const settings = (sample: Sources): Json =>
  findResource(sample, 'AWS::SSM::Parameter', 'Name', '/ml-platform/staging/bikeshare/declared-settings')
    .Properties;
const target = (sample: Sources, id = 'bikeshare-staging') =>
  change(sample.manifest.targets, (one) => one.id === id);
const spec = (sample: Sources): Json => target(sample).spec as Json;

const released = (sample: Sources): SampleResource =>
  findResource(sample, 'AWS::SSM::Parameter', 'Name', '/ml-platform/staging/bikeshare/released-config');
const scaling = (sample: Sources, type: 'ScalableTarget' | 'ScalingPolicy'): SampleResource =>
  change(
    Object.values(resourcesOfStack(sample, STAGING)),
    ({ Type }) => Type === `AWS::ApplicationAutoScaling::${type}`,
  );

const inSpec = (field: string): RegExp => new RegExp(`targets\\.bikeshare-staging .*spec\\.${field}`);

function naming(name: string, place: Mutation['place'], apply: Mutation['apply']): Mutation {
  return { name, owner: 'P01', place, apply };
}

/** Whatever mentions an endpoint and means another one, which P01 must find. */
export const ENDPOINT_NAME_MUTATIONS: readonly Mutation[] = [
  naming('an alarm looks at the endpoint of another environment', inSpec('alarms'), (sample) =>
    set(
      alarm(sample),
      ['Dimensions'],
      [
        { Name: 'EndpointName', Value: PRODUCTION },
        { Name: 'VariantName', Value: 'AllTraffic' },
      ],
    ),
  ),
  naming('an alarm looks at another variant', inSpec('alarms'), (sample) =>
    set(
      alarm(sample),
      ['Dimensions'],
      [
        { Name: 'EndpointName', Value: STAGING },
        { Name: 'VariantName', Value: 'Canary' },
      ],
    ),
  ),
  naming('an alarm looks at no endpoint', inSpec('alarms'), (sample) =>
    set(alarm(sample), ['Dimensions'], []),
  ),
  naming('an alarm was renamed in the template only', inSpec('alarms'), (sample) =>
    set(alarm(sample), ['AlarmName'], 'errors'),
  ),
  naming('the scaling is of another endpoint', inSpec('endpoint'), (sample) =>
    set(scaling(sample, 'ScalableTarget'), ['ResourceId'], `endpoint/${STAGING}-2/variant/AllTraffic`),
  ),
  naming('the policy of the scaling is of another endpoint', inSpec('endpoint'), (sample) =>
    set(scaling(sample, 'ScalingPolicy'), ['ResourceId'], `endpoint/${STAGING}-2/variant/AllTraffic`),
  ),
  naming('the endpoint has another name in the spec', inSpec('endpoint'), (sample) => {
    spec(sample).endpoint = `${STAGING}-2`;
  }),
  naming(
    'the calls are on an endpoint that nothing scales',
    /targets\.bikeshare-production .*calls/,
    (sample) => editManifest(sample, `:endpoint/${PRODUCTION}"`, `:endpoint/${PRODUCTION}-2"`),
  ),
  naming('the versions have another prefix in the calls', inSpec('namePrefix'), (sample) =>
    editManifest(sample, `:endpoint-config/${STAGING}-`, ':endpoint-config/ml-platform-'),
  ),
  naming('the stack declares another instance type', inSpec('parameters\\.declaredSettings'), (sample) => {
    const { Value } = settings(sample);
    settings(sample).Value = String(Value).replace('ml.m5.large', 'ml.m5.xlarge');
  }),
  naming('the stack declares what nobody can read', inSpec('parameters\\.declaredSettings'), (sample) => {
    settings(sample).Value = 'none';
  }),
  naming('models are looked for in a bucket that no stack makes', inSpec('modelBucket'), (sample) =>
    editManifest(sample, BUCKET, 'ml-platform-models'),
  ),
  naming('the spec has another bucket than the workload', inSpec('modelBucket'), (sample) => {
    change(sample.manifest.workloads, ({ id }) => id === 'bikeshare').models = {
      bucket: 'ml-platform-access-logs',
    };
  }),
  naming('the first model lies in another bucket', inSpec('initialModel'), (sample) => {
    spec(sample).initialModel = 's3://models-of-a-stranger/bikeshare/model.tar.gz';
  }),
  naming('the payload is no file of the target', inSpec('verification'), (sample) => {
    (spec(sample).verification as Json).payload = 'services/bikeshare/sample.json';
  }),
  naming('a file of the target that no verb reads', inSpec('verification'), (sample) => {
    const one = target(sample);
    Object.assign(one, {
      files: { ...one.files, deploy: [...one.files.deploy, 'services/bikeshare/README.md'] },
    });
  }),
  naming('a rollback that lacks the payload', inSpec('verification'), (sample) => {
    const one = target(sample);
    Object.assign(one, { files: { ...one.files, rollback: one.files.rollback.slice(1) } });
  }),
  naming('image and model are written to one parameter', inSpec('parameters\\.releasedModel'), (sample) => {
    const parameters = spec(sample).parameters as Json;
    parameters.releasedModel = parameters.releasedImage;
  }),
  naming('a parameter says that something was released', inSpec('parameters\\.releasedConfig'), (sample) =>
    set(released(sample), ['Value'], 'x'),
  ),
  naming('a parameter holds a list', inSpec('parameters\\.releasedConfig'), (sample) =>
    set(released(sample), ['Type'], 'StringList'),
  ),
  naming('an alarm of the endpoint undoes nothing', inSpec('alarms'), (sample) => {
    const { alarms } = spec(sample) as { alarms: string[] };
    spec(sample).alarms = alarms.slice(1);
  }),
  naming('the scaling counts tasks', inSpec('endpoint'), (sample) =>
    set(scaling(sample, 'ScalingPolicy'), ['ScalableDimension'], 'ecs:service:DesiredCount'),
  ),
  naming('the scaling has a role of another account', inSpec('endpoint'), (sample) => {
    const role = String(scaling(sample, 'ScalableTarget').Properties.RoleARN);
    set(scaling(sample, 'ScalableTarget'), ['RoleARN'], role.replace('111111111111', '222222222222'));
  }),
  naming('the scaling is made before the endpoint', inSpec('endpoint'), (sample) => {
    Reflect.deleteProperty(scaling(sample, 'ScalableTarget'), 'Condition');
  }),
  naming('the parameter of the released model is no longer made', /targets\.bikeshare-staging/, (sample) =>
    removeResource(
      sample,
      `${STAGING}-state`,
      (type, { Name }) => type === 'AWS::SSM::Parameter' && String(Name).endsWith('released-model'),
    ),
  ),
  naming('a stack that is looked at does not exist', /bikeshare-staging .*inspection\.stacks/, (sample) =>
    editManifest(sample, `"${STAGING}-state"`, `"${STAGING}-states"`),
  ),
  naming('the stack of the endpoint is not looked at', /bikeshare-staging .*inspection\.stacks/, (sample) => {
    const one = target(sample);
    Object.assign(one, { inspection: { ...one.inspection, stacks: [`${STAGING}-state`] } });
  }),
  naming(
    'the account is looked at with the role that deploys',
    /bikeshare-staging .*inspection\.role/,
    (sample) => {
      const one = target(sample);
      Object.assign(one, { inspection: { ...one.inspection, role: one.deployRole } });
    },
  ),
];
