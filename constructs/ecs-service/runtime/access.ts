import type { TargetEntry } from '../../../contract';
import type { EcsServiceSpec } from '../spec';
import { questionBy, type ServiceQuestion } from './ask-service';
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
  /** Absent where the workload has no verification. */
  readonly question?: ServiceQuestion;
}

export function accessTo(
  target: TargetEntry,
  spec: EcsServiceSpec,
  { ecs, ssm, logs, lambda }: EcsClients,
): EcsAccess {
  // The first part of a construct path is the stack's id.
  const stack = target.constructPath.split('/')[0] ?? target.constructPath;
  return {
    spec,
    calls: new ServiceCalls(ecs, spec, stack),
    tasks: new TaskCalls(ecs, logs, spec),
    release: new ReleaseRecord(ssm, spec, stack),
    ...(spec.verification ? { question: questionBy(lambda, spec.verification.functionName) } : {}),
  };
}
