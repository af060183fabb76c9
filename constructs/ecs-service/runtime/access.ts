import type { TargetEntry } from '../../../contract';
import type { EcsServiceSpec } from '../spec';
import type { EcsClients } from './client';
import { ReleaseRecord } from './release';
import { ServiceCalls } from './service-calls';
import { TaskCalls } from './task-calls';

/** One target: what the manifest says about it, and the calls with which it is reached. */
export interface EcsAccess {
  readonly spec: EcsServiceSpec;
  readonly calls: ServiceCalls;
  readonly tasks: TaskCalls;
  readonly release: ReleaseRecord;
}

export function accessTo(
  target: TargetEntry,
  spec: EcsServiceSpec,
  { ecs, ssm, logs }: EcsClients,
): EcsAccess {
  // The first part of a construct path is the stack's id.
  const stack = target.constructPath.split('/')[0] ?? target.constructPath;
  return {
    spec,
    calls: new ServiceCalls(ecs, spec, stack),
    tasks: new TaskCalls(ecs, logs, spec),
    release: new ReleaseRecord(ssm, spec, stack),
  };
}
