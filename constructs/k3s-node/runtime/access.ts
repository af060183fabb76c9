import type { TargetEntry } from '../../../contract';
import type { K3sNodeSpec } from '../spec';
import type { NodeClients } from './client';
import { CommandCalls } from './command-calls';
import { NodeFinder } from './node';
import { ReleaseRecord } from './release-record';
import { RunObjects } from './run-objects';

/** One target: what the manifest says about it, and the calls with which it is reached. */
export interface NodeAccess {
  readonly spec: K3sNodeSpec;
  readonly nodes: NodeFinder;
  readonly commands: CommandCalls;
  readonly record: ReleaseRecord;
  /** The objects of a run, below its prefix. */
  objects(run: string): RunObjects;
}

export function accessTo(target: TargetEntry, spec: K3sNodeSpec, { ec2, ssm, s3 }: NodeClients): NodeAccess {
  // The first part of a construct path is the stack's id.
  const stack = target.constructPath.split('/')[0] ?? target.constructPath;
  return {
    spec,
    nodes: new NodeFinder(ec2, ssm, spec, stack),
    commands: new CommandCalls(ssm, spec, stack),
    record: new ReleaseRecord(ssm, spec, stack),
    objects: (run) => new RunObjects(s3, spec, run),
  };
}
