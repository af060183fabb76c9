import type { TargetEntry } from '../../../contract';
import type { SagemakerEndpointSpec } from '../spec';
import type { SagemakerClients } from './client';
import { EndpointCalls } from './endpoint-calls';
import { EndpointLogs } from './endpoint-logs';
import { ModelInvoker } from './invoke';
import { ModelStore } from './model-store';
import { ReleaseRecord } from './release';

/** One target: what the manifest says about it, and the calls with which it is reached. */
export interface EndpointAccess {
  readonly spec: SagemakerEndpointSpec;
  /** Id of the stack that makes what the target needs. */
  readonly stack: string;
  readonly calls: EndpointCalls;
  readonly models: ModelStore;
  readonly release: ReleaseRecord;
  readonly invoker: ModelInvoker;
  readonly logs: EndpointLogs;
}

export function accessTo(
  target: TargetEntry,
  spec: SagemakerEndpointSpec,
  { sagemaker, invoker, ssm, s3, logs }: SagemakerClients,
): EndpointAccess {
  // The first part of a construct path is the stack's id.
  const stack = target.constructPath.split('/')[0] ?? target.constructPath;
  return {
    spec,
    stack,
    calls: new EndpointCalls(sagemaker, spec),
    models: new ModelStore(s3, spec),
    release: new ReleaseRecord(ssm, spec, stack),
    invoker: new ModelInvoker(invoker, spec),
    logs: new EndpointLogs(logs, spec),
  };
}
