import type { Check, DeployContext, Version } from '../../../contract';
import type { NodeAccess } from './access';
import { lookAtCluster } from './cluster-state';
import { healthChecks, releaseCheck } from './health';
import { sentenceOf } from './run';
import { recentWarnings } from './warnings';

/**
 * Compares what runs with what should, and judges its health. What Kubernetes has warned of is told besides, as long as
 * it is news: one looks again until the checks pass.
 *
 * @param told what this deployer has told of warnings already
 * @param version what should run; without one, what was released last
 */
export async function verify(
  access: NodeAccess,
  told: Set<string>,
  version: Version | undefined,
  context: DeployContext,
): Promise<readonly Check[]> {
  const [released] = await access.record.history();
  const { end, state } = await lookAtCluster(access, context);
  if (!state) {
    const detail = end.result === 'done' ? 'the node has told nothing' : sentenceOf(end);
    return [{ name: 'Kubernetes API', passed: false, detail }];
  }
  const message = recentWarnings(state, context.clock.now());
  if (!told.has(message)) context.emit({ code: 'cluster.warnings', level: 'info', message });
  told.add(message);
  return [
    { name: 'Kubernetes API', passed: true, detail: 'it answers' },
    releaseCheck(state, version ?? released?.version),
    ...healthChecks(access.spec, state),
  ];
}
