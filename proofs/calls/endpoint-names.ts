import { isDeepStrictEqual } from 'node:util';
import { type DeployManifest, type Fault, MANIFEST_PATH, type TargetEntry } from '../../contract';
import type { Artefacts, Resource, TemplateRole, Value } from '../artefacts';
import type { PhysicalNames } from './arn-names';
import { type EndpointSpec, endpointOf } from './endpoint-spec';
import { executionRoleFaults } from './execution-role-names';
import type { Checked } from './text';

/** A difference between the spec and something else that names the same. */
type Differs = (field: string, value: string, allowed: string) => Fault;

/**
 * Names around an endpoint. No template makes the endpoint itself, the pipeline does: therefore everything that
 * mentions it is compared: alarms, scaling, the role that its containers have, the settings that the stack declares,
 * the bucket of its models, the files that its verbs read.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export function endpointNames(
  target: TargetEntry,
  { manifest, resources, roles }: Artefacts,
  physical: PhysicalNames,
): Checked {
  const read = endpointOf(target);
  if (!read) return { checked: 0, findings: [] };
  const place = `${MANIFEST_PATH} targets.${target.id} (${target.constructPath}) spec`;
  const differs: Differs = (field, value, allowed) => ({
    place: `${place}.${field}`,
    value,
    allowed,
    change: 'run `npx projen`, so that the manifest follows the stacks',
  });
  if ('unread' in read) {
    const findings = read.unread.map((field) => differs(field, 'nothing that could be compared', 'a value'));
    return { checked: findings.length, findings };
  }
  const { spec } = read;
  const here = resources.filter(
    ({ account, region }) => account === target.account && region === target.region,
  );
  const role = roles.find(({ arn }) => arn === spec.executionRoleArn);
  const parts = [
    alarmFaults(spec, here, differs),
    scalingFaults(spec, here, differs),
    settingsFaults(
      spec,
      physical.find('AWS::SSM::Parameter', spec.parameters.declaredSettings, target),
      differs,
    ),
    bucketFaults(target, spec, manifest, physical, differs),
    versionNameFaults(target, spec, differs),
    fileFaults(target, spec, differs),
    role ? roleFaults(target, spec, manifest, role) : [],
  ];
  return { checked: parts.length + spec.alarms.length, findings: parts.flat() };
}

/** Each alarm that undoes an update, where it is one of the endpoint's own metrics, looks at this endpoint. */
function alarmFaults(spec: EndpointSpec, here: readonly Resource[], differs: Differs): readonly Fault[] {
  const wanted = { EndpointName: spec.endpoint, VariantName: spec.variant };
  const own = here.filter(
    ({ type, properties }) =>
      type === 'AWS::CloudWatch::Alarm' &&
      properties.Namespace === 'AWS/SageMaker' &&
      spec.alarms.includes(String(properties.AlarmName)),
  );
  if (own.length === 0) {
    return [differs('alarms', spec.alarms.join(', '), 'an alarm of a template on a metric of the endpoint')];
  }
  return own
    .filter(({ properties }) => !isDeepStrictEqual(dimensionsOf(properties.Dimensions), wanted))
    .map(({ path, properties }) =>
      differs(
        'alarms',
        `${String(properties.AlarmName)} (${path}) looks at ${JSON.stringify(dimensionsOf(properties.Dimensions))}`,
        JSON.stringify(wanted),
      ),
    );
}

const dimensionsOf = (value: Value | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (Array.isArray(value) ? (value as readonly Value[]) : []).map((one) => {
      const { Name, Value: text } = one as { readonly [key: string]: Value };
      return [String(Name), text];
    }),
  );

/** Target and policy of the scaling name the same variant. */
function scalingFaults(spec: EndpointSpec, here: readonly Resource[], differs: Differs): readonly Fault[] {
  const wanted = `endpoint/${spec.endpoint}/variant/${spec.variant}`;
  const types = ['AWS::ApplicationAutoScaling::ScalableTarget', 'AWS::ApplicationAutoScaling::ScalingPolicy'];
  return types
    .filter((type) => !here.some((one) => one.type === type && one.properties.ResourceId === wanted))
    .map((type) =>
      differs('endpoint', spec.endpoint, `an ${type} of a template with the ResourceId ${wanted}`),
    );
}

/** The settings that the stack declares, which a deployment reads, are those of the spec. */
function settingsFaults(
  spec: EndpointSpec,
  parameters: readonly Resource[],
  differs: Differs,
): readonly Fault[] {
  const { executionRoleArn, instanceType, instanceCount, dataCapture } = spec;
  const wanted = { executionRoleArn, instanceType, instanceCount, ...(dataCapture && { dataCapture }) };
  // A parameter that no template makes is found among the names.
  return parameters
    .filter(({ properties }) => !isDeepStrictEqual(parsed(properties.Value), wanted))
    .map(({ path, properties }) =>
      differs('parameters.declaredSettings', `${String(properties.Value)} (${path})`, JSON.stringify(wanted)),
    );
}

function parsed(value: Value | undefined): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}

function bucketFaults(
  target: TargetEntry,
  { modelBucket, initialModel }: EndpointSpec,
  { workloads }: DeployManifest,
  physical: PhysicalNames,
  differs: Differs,
): readonly Fault[] {
  const promised = workloads.find(({ id }) => id === target.workload)?.models?.bucket;
  return [
    ...(physical.find('AWS::S3::Bucket', modelBucket, target).length > 0
      ? []
      : [differs('modelBucket', `${modelBucket}: no template makes it`, 'a bucket of a template')]),
    ...(promised === modelBucket
      ? []
      : [
          differs(
            'modelBucket',
            modelBucket,
            `${promised ?? 'nothing'}, where the workload keeps its models`,
          ),
        ]),
    ...(initialModel === undefined || initialModel.startsWith(`s3://${modelBucket}/`)
      ? []
      : [differs('initialModel', initialModel, `a model in s3://${modelBucket}/`)]),
  ];
}

/** The pipeline names configs and models after the prefix; the calls must name no others. */
function versionNameFaults(
  target: TargetEntry,
  { namePrefix }: EndpointSpec,
  differs: Differs,
): readonly Fault[] {
  const arns = Object.values(target.calls)
    .flat()
    .flatMap(({ resources }) => resources)
    .filter((arn) => /:(?:endpoint-config|model)\//.test(arn));
  return [...new Set(arns)]
    .filter((arn) => !arn.split('/').at(-1)?.startsWith(`${namePrefix}-`))
    .map((arn) => differs('namePrefix', `${namePrefix}, beside calls on ${arn}`, `calls on ${namePrefix}-…`));
}

/** The verbs read the payload, and the schema where it is a file. */
function fileFaults(target: TargetEntry, { verification }: EndpointSpec, differs: Differs): readonly Fault[] {
  const { payload, schema } = verification;
  const read = [payload, ...(typeof schema === 'string' ? [schema] : [])];
  const missing = read.filter((file) => !target.files.includes(file));
  const unread = target.files.filter((file) => !read.includes(file));
  return [...missing, ...unread].map((file) =>
    differs('verification', file, `the files of the target: ${target.files.join(', ') || 'none'}`),
  );
}

function roleFaults(
  target: TargetEntry,
  spec: EndpointSpec,
  { images }: DeployManifest,
  role: TemplateRole,
): readonly Fault[] {
  const image = images.find(({ id }) => id === target.image);
  return executionRoleFaults(role, target, spec, image);
}
