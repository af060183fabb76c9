import type { Fault, TargetEntry } from '../../contract';
import type { Resource } from '../artefacts';
import type { Differs, EndpointSpec } from './endpoint-spec';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';
const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
/** Role that AWS makes in each account for it. */
const ROLE =
  'role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';

/**
 * Target and policy of the scaling are of the same variant, of its number of instances, and wait for the endpoint:
 * Application Auto Scaling refuses one that is not there, and the pipeline makes it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export function scalingFaults(
  { account }: TargetEntry,
  { endpoint, variant }: EndpointSpec,
  here: readonly Resource[],
  differs: Differs,
): readonly Fault[] {
  const resourceId = `endpoint/${endpoint}/variant/${variant}`;
  const wanted = {
    ServiceNamespace: 'sagemaker',
    ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
  };
  return [TARGET, POLICY].flatMap((type) => {
    const found = here.filter((one) => one.type === type && one.properties.ResourceId === resourceId);
    if (found.length === 0) {
      return [differs('endpoint', endpoint, `an ${type} of a template with the ResourceId ${resourceId}`)];
    }
    return found.flatMap(({ path, properties, condition }) => {
      const { RoleARN: role } = properties;
      const wrong = Object.entries(wanted).filter(([name, value]) => properties[name] !== value);
      return [
        ...wrong.map(([name, value]) =>
          differs('endpoint', `${name} ${String(properties[name])} (${path})`, value),
        ),
        ...(role === undefined || role === `arn:aws:iam::${account}:${ROLE}`
          ? []
          : [differs('endpoint', `RoleARN ${String(role)} (${path})`, `arn:aws:iam::${account}:${ROLE}`)]),
        ...(condition === undefined
          ? [
              differs(
                'endpoint',
                `${path}, which every deployment of the stack makes`,
                'a condition: the endpoint is there only after the first release',
              ),
            ]
          : []),
      ];
    });
  });
}
