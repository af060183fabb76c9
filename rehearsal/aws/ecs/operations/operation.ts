import type { Call, Input, Operation } from '../../service';
import type { Moment } from '../moment';
import type { Ask } from '../questions';

/** What an operation does, at the moment of its call. */
export type Handle = (moment: Moment, input: Input, call: Call) => object;

/** Gives the moment of a call. */
export type MomentOf = (call: Call) => Moment;

const REFERENCE = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_';

/** Operations by name, each with its page of the API reference, its questions and what it does. */
export function operations(
  moment: MomentOf,
  table: Readonly<Record<string, { readonly ask: Ask; readonly handle: Handle }>>,
): Readonly<Record<string, Operation>> {
  const entries = Object.entries(table).map(([name, { ask, handle }]): [string, Operation] => [
    name,
    {
      source: `${REFERENCE}${name}.html`,
      questions: ask,
      handle: (input, call) => handle(moment(call), input, call),
    },
  ]);
  return Object.fromEntries(entries);
}
