import type { TargetStatus } from '../../../contract';
import type { NodeAccess } from './access';

const HISTORY = 10;

/** What was released, and the node. It asks AWS only: a command would be more than a look. */
export async function status({ spec, nodes, record }: NodeAccess): Promise<TargetStatus> {
  const history = await record.history();
  const [last] = history;
  const { instance, state, ping, agentVersion } = await nodes.find();
  return {
    ...(last === undefined ? {} : { running: last.version }),
    facts: [
      ['node', `${instance} (${state})`],
      ['SSM agent', [ping ?? 'unknown', ...(agentVersion === undefined ? [] : [agentVersion])].join(', ')],
      ['namespace', spec.namespace],
      ['strategy', spec.strategy.kind],
      ['released', last?.version.name ?? 'nothing yet'],
    ],
    history: history.slice(0, HISTORY).map(({ version, at }) => ({
      version,
      ...(at === undefined ? {} : { at: at.toISOString() }),
      status: 'released',
      stable: true,
    })),
  };
}
