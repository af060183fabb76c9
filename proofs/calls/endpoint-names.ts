import { isDeepStrictEqual } from 'node:util';
import { type DeployManifest, type Fault, MANIFEST_PATH, type TargetEntry } from '../../contract';
import type { Artefacts, Resource, Value } from '../artefacts';
import type { PhysicalNames } from './arn-names';
import { ownAlarms } from './endpoint-alarms';
import { parameterFaults, settingsFaults } from './endpoint-parameters';
import { scalingFaults } from './endpoint-scaling';
import { type Differs, type EndpointSpec, endpointOf } from './endpoint-spec';
import type { Checked } from './text';

/**
 * Names around an endpoint. No template makes the endpoint itself, the pipeline does: therefore everything that
 * mentions it is compared: alarms, scaling, the settings that the stack declares, the bucket of its models, the files
 * that its verbs read. Its role is read beside the calls.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export function endpointNames(
  target: TargetEntry,
  { manifest, resources }: Artefacts,
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
  const parts = [
    alarmFaults(target, spec, here, differs),
    scalingFaults(target, spec, here, differs),
    parameterFaults(target, spec, physical, differs),
    settingsFaults(
      spec,
      physical.find('AWS::SSM::Parameter', spec.parameters.declaredSettings, target),
      differs,
    ),
    bucketFaults(target, spec, manifest, physical, differs),
    versionNameFaults(target, spec, differs),
    fileFaults(target, spec, differs),
  ];
  return { checked: parts.length + spec.alarms.length, findings: parts.flat() };
}

/** Each alarm of the endpoint's own stack undoes an update, and looks at this endpoint. */
function alarmFaults(
  target: TargetEntry,
  spec: EndpointSpec,
  here: readonly Resource[],
  differs: Differs,
): readonly Fault[] {
  const wanted = { EndpointName: spec.endpoint, VariantName: spec.variant };
  const all = ownAlarms(target, here);
  const own = all.filter(({ properties }) => spec.alarms.includes(String(properties.AlarmName)));
  const idle = all
    .filter((alarm) => !own.includes(alarm))
    .map(({ path, properties }) =>
      differs('alarms', spec.alarms.join(', '), `${String(properties.AlarmName)} (${path}) among them`),
    );
  if (own.length === 0) {
    return [
      ...idle,
      differs('alarms', spec.alarms.join(', '), 'an alarm of a template on a metric of the endpoint'),
    ];
  }
  const strange = own
    .filter(({ properties }) => !isDeepStrictEqual(dimensionsOf(properties.Dimensions), wanted))
    .map(({ path, properties }) =>
      differs(
        'alarms',
        `${String(properties.AlarmName)} (${path}) looks at ${JSON.stringify(dimensionsOf(properties.Dimensions))}`,
        JSON.stringify(wanted),
      ),
    );
  return [...idle, ...strange];
}

const dimensionsOf = (value: Value | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (Array.isArray(value) ? (value as readonly Value[]) : []).map((one) => {
      const { Name, Value: text } = one as { readonly [key: string]: Value };
      return [String(Name), text];
    }),
  );

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
  return (['deploy', 'rollback'] as const).flatMap((verb) => {
    const files = target.files[verb];
    const missing = read.filter((file) => !files.includes(file));
    const unread = files.filter((file) => !read.includes(file));
    return [...missing, ...unread].map((file) =>
      differs('verification', file, `the files of the target for ${verb}: ${files.join(', ') || 'none'}`),
    );
  });
}
