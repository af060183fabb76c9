import type { AwsCall, Fault } from '../../contract';

/** One call on one resource, and the step that makes it. */
export interface StepCall {
  readonly action: string;
  /** ARN, perhaps with `*` for what AWS chooses; `*` alone where the action knows no resource. */
  readonly resource: string;
  /** All resources that the same call names, this one included. */
  readonly resources: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  /** What the step does, such as `node .lockstep/cli.mjs deploy kvs-infer …`. */
  readonly source: string;
  /** Workload and environment, or image, that the call is made for, where it is made for one. */
  readonly subject: CallSubject;
}

export interface CallSubject {
  readonly workload?: string;
  readonly environment?: string;
  /** Id of the image, for calls on its repository. */
  readonly image?: string;
}

/** What a step calls, and what could not be told. */
export interface ReadCalls {
  readonly calls: readonly StepCall[];
  readonly faults: readonly Fault[];
}

export const NOTHING: ReadCalls = { calls: [], faults: [] };

/** One call for each resource. */
export function stepCallsOf(
  calls: readonly AwsCall[],
  source: string,
  subject: CallSubject,
): readonly StepCall[] {
  return calls.flatMap(({ action, resources, context = {} }) =>
    resources.map((resource) => ({ action, resource, resources, context, source, subject })),
  );
}

export function together(parts: readonly ReadCalls[]): ReadCalls {
  return { calls: parts.flatMap(({ calls }) => calls), faults: parts.flatMap(({ faults }) => faults) };
}

export function refused(fault: Fault): ReadCalls {
  return { calls: [], faults: [fault] };
}

/** Two calls are the same when IAM would decide the same about them. */
export const callKey = ({ action, resource, context }: StepCall): string =>
  JSON.stringify([action, resource, Object.entries(context).sort()]);
