import type { AwsConnection, Deployer, TargetEntry } from '../../../contract';
import { withinSession } from '../../aws-client';
import { parseEcsServiceSpec } from '../spec';
import { accessTo } from './access';
import { connect } from './client';
import { currentReceipt, deploy } from './deploy';
import { diagnose } from './diagnose';
import { recall, rollBack } from './rollback';
import { status } from './status';
import { verify } from './verify';
import { waitFor } from './wait';

/**
 * Deploys one ECS service: rolling, blue/green, canary and linear alike, since all of them are service
 * deployments.
 *
 * @throws LockstepError `InvalidSpec`
 */
export function createDeployer(target: TargetEntry, connection: AwsConnection): Deployer {
  const spec = parseEcsServiceSpec(target.spec, `target ${target.id}`);
  const clients = connect(connection);
  const access = accessTo(target, spec, clients);
  return {
    deploy: (request, context) => withinSession(deploy(access, request, context)),
    wait: (receipt, context) => withinSession(waitFor(access, receipt, context)),
    current: () => currentReceipt(access),
    rollback: (request, context) => withinSession(rollBack(access, request, context)),
    recall: (image, context) => withinSession(recall(access, image, context)),
    diagnose: () => diagnose(access),
    verify: (version) => verify(access, version),
    status: () => status(access),
    logs: (request, context) => access.tasks.lines(request, context),
    close: () => clients.close(),
  };
}
