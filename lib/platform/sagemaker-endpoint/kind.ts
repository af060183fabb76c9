import { Duration } from 'aws-cdk-lib';
import { stackNames } from '../../names';
import { parsePart } from '../faults';
import type { WorkloadKind } from '../kind';
import { type PhysicalName, roleName } from '../physical-name';
import { accountOf } from '../platform';
import type { Harmless } from '../repair';
import { HARMLESS_FIELDS } from '../workload-schema';
import { resolveSagemakerEndpoint } from './resolve';
import { sagemakerEndpointFaults } from './rules';
import type { SagemakerEndpointWorkload } from './sagemaker-endpoint';
import { sagemakerEndpointSchema } from './schema';
import { verificationFiles } from './verification-files';

const VERIFICATION = { payload: 'x', schema: 'x', latencyBudget: Duration.seconds(1) };
const ENVIRONMENT = {
  name: '',
  instanceType: 'ml.m5.large',
  instances: { min: 2, max: 1_000 },
  update: { strategy: 'allAtOnce', maximumExecution: Duration.minutes(10) },
};

// What stands in for faulty values while the rules judge the rest.
const HARMLESS: Harmless = {
  ...HARMLESS_FIELDS,
  verification: VERIFICATION,
  'verification.payload': VERIFICATION.payload,
  'verification.schema': VERIFICATION.schema,
  'verification.latencyBudget': VERIFICATION.latencyBudget,
  environments: [ENVIRONMENT],
  'environments.*': ENVIRONMENT,
  'environments.*.name': ENVIRONMENT.name,
  'environments.*.instanceType': ENVIRONMENT.instanceType,
  'environments.*.instances': ENVIRONMENT.instances,
  'environments.*.update': ENVIRONMENT.update,
  'environments.*.update.wait': Duration.seconds(0),
  'environments.*.update.maximumExecution': ENVIRONMENT.update.maximumExecution,
};

/**
 * Most characters of the name of an endpoint; of a model or endpoint config less a hyphen and twelve digits.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
 */
const ENDPOINT_NAME_LIMIT = 63;
const NAME_PREFIX_LIMIT = 50;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME_LIMIT = 63;

/** A model behind a real-time endpoint of SageMaker. */
export const sagemakerEndpointKind: WorkloadKind<SagemakerEndpointWorkload> = {
  parse(value, path, faults, platform) {
    const parsed = parsePart(sagemakerEndpointSchema, value, path, faults, HARMLESS);
    return parsed && resolveSagemakerEndpoint(parsed, platform);
  },
  faults: sagemakerEndpointFaults,
  names: (workload, platform) => [
    // All buckets of AWS share one space of names.
    {
      what: 'bucket',
      where: 'all accounts',
      name: workload.models.bucket,
      field: 'model.bucket',
      longest: BUCKET_NAME_LIMIT,
    },
    ...workload.environments.flatMap(({ name, names }, index): PhysicalName[] => {
      const account = accountOf(platform, name);
      const where = `${account} ${workload.region}`;
      const field = `environments[${index}].names`;
      const parameters = [
        names.declaredSettings,
        names.releasedConfig,
        names.releasedImage,
        names.releasedModel,
      ];
      return [
        roleName(names.executionRole, account),
        {
          what: 'endpoint',
          where,
          name: names.endpoint,
          field: `${field}.endpoint`,
          longest: ENDPOINT_NAME_LIMIT,
        },
        {
          what: 'name prefix',
          where,
          name: names.namePrefix,
          field: `${field}.namePrefix`,
          longest: NAME_PREFIX_LIMIT,
        },
        ...parameters.map((parameter) => ({ what: 'parameter', where, name: parameter, field })),
      ];
    }),
  ],
  stacks: ({ id }, platform) => [
    { name: stackNames.models(platform.name, id), owner: `the models of ${id}` },
  ],
  files: verificationFiles,
};
