import type { AwsConnection, DeployContext, GpuCheckEntry } from '../../../contract';
import { parseGpuCheckSpec } from '../spec';
import { GpuCheckAws } from './calls';
import type { GpuCheckRequest } from './cell';
import type { OpenWork } from './clean-up';
import { connect } from './client';
import { type CellRun, runCell } from './run-cell';

/** The check of one workload, ready to run combinations. */
export interface GpuCheck {
  /** @param open what the run has open; filled and emptied as it goes on */
  run(request: GpuCheckRequest, context: DeployContext, open?: OpenWork): Promise<CellRun>;
  close(): void;
}

/** @throws LockstepError `InvalidSpec` */
export function openGpuCheck(entry: GpuCheckEntry, connection: AwsConnection): GpuCheck {
  const spec = parseGpuCheckSpec(entry.spec, `GPU check ${entry.id}`);
  const clients = connect(connection);
  const [stack = ''] = entry.constructPath.split('/');
  const aws = new GpuCheckAws(clients, spec, stack);
  return {
    run: (request, context, open = new Set()) => runCell({ aws, spec, request, context, open }),
    close: () => clients.close(),
  };
}
