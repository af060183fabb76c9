import { type Fault, MANIFEST_PATH } from '../../contract';
import type { Artefacts } from '../artefacts';
import { endpointOf } from './endpoint-spec';
import type { Checked } from './text';

/**
 * How long an endpoint may take, as the manifest says it twice: for the jobs, and for the deployer. An update cannot
 * be superseded, so that a deployment may first wait for another one to end; and SageMaker must give up before the
 * command does, because nothing else brings the endpoint back.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
 */
export function endpointTimes({ manifest }: Artefacts): Checked {
  const parts = manifest.targets.flatMap((target) => {
    const read = endpointOf(target);
    if (!read || 'unread' in read) return [];
    const { deployTimeoutMinutes: minutes, update } = read.spec;
    const place = `${MANIFEST_PATH} targets.${target.id} (${target.constructPath})`;
    const fault = (field: string, value: number, allowed: string): Fault => ({
      place: `${place} ${field}`,
      value: String(value),
      allowed,
      change: 'run `npx projen`, so that the manifest follows the platform file',
    });
    const most = update.maximumExecutionSeconds;
    return [
      ...(target.deployTimeoutMinutes === minutes
        ? []
        : [fault('deployTimeoutMinutes', target.deployTimeoutMinutes, `${minutes}, as the spec says`)]),
      ...(target.settleMinutes >= minutes
        ? []
        : [
            fault(
              'settleMinutes',
              target.settleMinutes,
              `at least ${minutes}: an update that is under way may take that long, and none can start before`,
            ),
          ]),
      ...(most < minutes * 60
        ? []
        : [
            fault(
              'spec.update.maximumExecutionSeconds',
              most,
              `less than the ${minutes * 60} seconds after which the command gives up`,
            ),
          ]),
    ];
  });
  const endpoints = manifest.targets.filter((target) => endpointOf(target) !== undefined);
  return { checked: endpoints.length * 3, findings: parts };
}
