import type { AwsConnection, Deployer, TargetEntry } from '../../../contract';
import { withinSession } from '../../aws-client';
import { parseSagemakerEndpointSpec } from '../spec';
import { accessTo } from './access';
import { connect } from './client';
import { confirm } from './confirm';
import { currentReceipt } from './current';
import { deploy } from './deploy';
import { diagnose } from './diagnose';
import { invocation } from './invocation';
import { rollBack } from './rollback';
import { status } from './status';
import { verify } from './verify';
import { waitFor } from './wait';

/**
 * Deploys one real-time endpoint of SageMaker with its guardrails: all at once, canary, linear and rolling.
 *
 * @throws LockstepError `InvalidSpec`
 */
export function createDeployer(target: TargetEntry, connection: AwsConnection): Deployer {
  const spec = parseSagemakerEndpointSpec(target.spec, `target ${target.id}`);
  const clients = connect(connection);
  const access = accessTo(target, spec, clients);
  return {
    deploy: (request, context) => withinSession(deploy(access, request, context)),
    wait: (receipt, context) => withinSession(waitFor(access, receipt, context)),
    current: () => currentReceipt(access),
    rollback: (request, context) => withinSession(rollBack(access, request, context)),
    diagnose: () => diagnose(access),
    verify: (version, context) => verify(access, version, context),
    confirm: (version, context) => withinSession(confirm(access, version, context)),
    status: () => status(access),
    logs: (request, context) => access.logs.lines(request, context),
    invoke: (request, context) => invocation(access, request, context),
    close: () => clients.close(),
  };
}
