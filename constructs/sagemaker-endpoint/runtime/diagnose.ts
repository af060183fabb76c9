import type { Diagnosis } from '../../../contract';
import type { EndpointAccess } from './access';
import { causeOf } from './causes';
import type { Endpoint } from './endpoint';

const LINES = 20;

/** What is wrong with the endpoint, with the last lines of its containers. */
export async function diagnose({ calls, spec, logs }: EndpointAccess): Promise<readonly Diagnosis[]> {
  const source = `endpoint ${spec.endpoint}`;
  const endpoint = await calls.endpoint();
  if (!endpoint) {
    return [
      {
        source,
        cause: 'the endpoint does not exist',
        evidence: [],
        remedy: 'run the workflow that deploys here: the first deployment makes the endpoint',
      },
    ];
  }
  const lines = await logs.lastLines(LINES);
  return [...failureOf(endpoint, source, lines), ...stateOf(endpoint, source)];
}

function failureOf(endpoint: Endpoint, source: string, lines: readonly string[]): readonly Diagnosis[] {
  const { failureReason } = endpoint;
  if (failureReason === undefined) return [];
  return [{ source, ...causeOf(failureReason), evidence: [failureReason, ...lines] }];
}

/** The two states that SageMaker does not leave by itself. */
function stateOf({ status, config }: Endpoint, source: string): readonly Diagnosis[] {
  if (status === 'Failed') {
    return [
      {
        source,
        cause: 'the endpoint is Failed: nothing serves',
        evidence: [`status ${status}, config ${config}`],
        remedy: 'mend the cause, delete the endpoint, and deploy again; its configs and models stay',
      },
    ];
  }
  if (status === 'UpdateRollbackFailed') {
    return [
      {
        source,
        cause: 'going back failed: instances of both versions serve',
        evidence: [`status ${status}, config ${config}`],
        remedy: 'do not delete the endpoint; a person mends the cause and updates it to one config',
      },
    ];
  }
  return [];
}
