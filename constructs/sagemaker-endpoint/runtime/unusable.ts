import { LockstepError } from '../../../contract';
import type { EndpointAccess } from './access';
import { type Endpoint, isMoving, isServing } from './endpoint';

/**
 * Refuses an endpoint that takes no update, and says what a person has to do about it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html (EndpointStatus)
 * @throws LockstepError `EndpointFailed`, `EndpointRollbackFailed` or `EndpointBusy`
 */
export function refuseUnusable({ spec }: EndpointAccess, endpoint: Endpoint): void {
  if (isServing(endpoint)) return;
  const place = `endpoint ${spec.endpoint}`;
  const value = `${endpoint.status}${endpoint.failureReason === undefined ? '' : `: ${endpoint.failureReason}`}`;
  if (endpoint.status === 'Failed') {
    throw new LockstepError('EndpointFailed', {
      place,
      value,
      allowed: 'an endpoint that is InService, or none',
      change: `mend the cause, run \`aws sagemaker delete-endpoint --endpoint-name ${spec.endpoint}\`, then deploy again; nothing serves until then`,
    });
  }
  if (endpoint.status === 'UpdateRollbackFailed') {
    throw new LockstepError('EndpointRollbackFailed', {
      place,
      value,
      allowed: 'an endpoint that is InService',
      change: `do not delete it, old and new instances both serve; a person mends the cause and updates the endpoint to ${endpoint.config}`,
    });
  }
  throw new LockstepError('EndpointBusy', {
    place,
    value,
    allowed: 'an endpoint that is InService',
    change: isMoving(endpoint)
      ? 'wait until it is InService, then run the same command again'
      : 'bring the endpoint back into service, then run the same command again',
  });
}
