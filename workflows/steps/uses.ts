import { type AwsCall, type Fault, LockstepError } from '../../contract';
import type { InputValue, UsesStep } from '../plan/model';
import { type ActionName, type ActionPin, pin } from '../pins/pins';
import { actionCalls, type ImageRepository } from './action-calls';

export interface UsesOptions {
  readonly name: string;
  readonly uses: ActionName;
  readonly with?: Readonly<Record<string, InputValue>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly condition?: string;
  readonly reason?: string;
  /** Where the image is kept that the step pulls or pushes. */
  readonly image?: ImageRepository;
}

/**
 * A step that uses a reviewed action. The versions of tools that the action downloads are added.
 *
 * @throws LockstepError `UnpinnedAction`, `UnknownActionInput`, `MissingActionInput`
 */
export function usesStep({ image, with: given = {}, ...step }: UsesOptions): UsesStep {
  const reviewed = pin(step.uses);
  const inputs = { ...toolVersions(reviewed), ...given };
  refuseUnknown(step, inputs, reviewed);
  refuseMissing(step, inputs, reviewed);
  const calls: readonly AwsCall[] = actionCalls(step.uses, image, inputs);
  return { kind: 'uses', ...step, with: inputs, calls };
}

function toolVersions({ downloads }: ActionPin): Record<string, InputValue> {
  return Object.fromEntries(downloads.map(({ input, value }) => [input, value]));
}

type Named = Pick<UsesOptions, 'name' | 'uses'>;

function refuseUnknown({ name, uses }: Named, inputs: Record<string, InputValue>, reviewed: ActionPin): void {
  const faults = Object.keys(inputs)
    .filter((input) => !reviewed.inputs.includes(input))
    .map((input): Fault => ({
      place: `step "${name}", ${uses}@${reviewed.version}`,
      value: input,
      allowed: reviewed.inputs.join(', '),
      change: `remove ${input} or use the input that is meant`,
    }));
  if (faults.length > 0) throw new LockstepError('UnknownActionInput', faults);
}

function refuseMissing({ name, uses }: Named, inputs: Record<string, InputValue>, reviewed: ActionPin): void {
  const faults = reviewed.requiredInputs
    .filter((input) => !Object.hasOwn(inputs, input))
    .map((input): Fault => ({
      place: `step "${name}", ${uses}@${reviewed.version}`,
      value: `no ${input}`,
      allowed: 'a value, for the action has no default',
      change: `give ${input}`,
    }));
  if (faults.length > 0) throw new LockstepError('MissingActionInput', faults);
}
