import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsConnection, Deployer, TargetEntry } from '../../../contract';
import { newestLines, withinSession } from '../../aws-client';
import { parseK3sNodeSpec } from '../spec';
import { accessTo } from './access';
import { backup } from './backup';
import { connect } from './client';
import { confirm } from './confirm';
import { type Begun, currentReceipt, deploy } from './deploy';
import { diagnose } from './diagnose';
import { rollBack } from './rollback';
import { status } from './status';
import { verify } from './verify';
import { waitFor } from './wait';

/**
 * Deploys the services of one namespace on a K3s node, over S3 and Run Command: no port of the node is open.
 *
 * @throws LockstepError `InvalidSpec`
 */
export function createDeployer(target: TargetEntry, connection: AwsConnection): Deployer {
  const spec = parseK3sNodeSpec(target.spec, `target ${target.id}`);
  const clients = connect(connection);
  const access = accessTo(target, spec, clients);
  const begun: Begun = new Map();
  const told = new Set<string>();
  return {
    deploy: (request, context) => withinSession(deploy(access, begun, request, context)),
    wait: (receipt, context) => withinSession(waitFor(access, begun, receipt, context)),
    current: (context) => currentReceipt(access, context),
    rollback: (request, context) => withinSession(rollBack(access, request, context)),
    diagnose: (context) => diagnose(access, context),
    verify: (version, context) => verify(access, told, version, context),
    confirm: (version, context) => withinSession(confirm(access, version, context)),
    status: () => status(access),
    logs: (request, context) =>
      newestLines(request, context, (page) =>
        clients.logs.send(new FilterLogEventsCommand({ logGroupName: spec.logGroup, ...page })),
      ),
    backup: (context) => withinSession(backup(access, context)),
    close: () => clients.close(),
  };
}
