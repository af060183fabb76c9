import { refuseOthers } from '../../modelled-members';
import type { Call, Input, Operation } from '../../service';
import type { Moment } from '../moment';
import type { Ask } from '../questions';

/** What an operation does, at the moment of its call. */
export type Handle = (moment: Moment, input: Input, call: Call) => object;

interface Entry {
  readonly ask: Ask;
  /** Members of the request that are modelled; others are refused. */
  readonly members: readonly string[];
  readonly handle: Handle;
}

const REFERENCE = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_';

/** Operations by name, each with its page of the API reference, its questions and what it does. */
export function operations(
  moment: () => Moment,
  table: Readonly<Record<string, Entry>>,
): Readonly<Record<string, Operation>> {
  const entries = Object.entries(table).map(([name, { ask, members, handle }]): [string, Operation] => [
    name,
    {
      source: `${REFERENCE}${name}.html`,
      questions: ask,
      handle: (input, call) => {
        refuseOthers(`sagemaker:${name}`, input, members);
        return handle(moment(), input, call);
      },
    },
  ]);
  return Object.fromEntries(entries);
}
