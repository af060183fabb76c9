import { refuseOthers } from '../../modelled-members';
import type { Call, Input, Operation } from '../../service';
import type { Moment } from '../moment';
import type { Ask } from '../questions';

/** What an operation does, at the moment of its call. */
export type Handle = (moment: Moment, input: Input, call: Call) => object;

/** Gives the moment of a call. */
export type MomentOf = (call: Call) => Moment;

const REFERENCE = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_';

interface EcsOperation {
  readonly ask: Ask;
  /** Members of the request that change something here. Any other one is refused. @default - all that there are */
  readonly members?: readonly string[];
  readonly handle: Handle;
}

/** Operations by name, each with its page of the API reference, its questions and what it does. */
export function operations(
  moment: MomentOf,
  table: Readonly<Record<string, EcsOperation>>,
): Readonly<Record<string, Operation>> {
  const entries = Object.entries(table).map(([name, { ask, members, handle }]): [string, Operation] => [
    name,
    {
      source: `${REFERENCE}${name}.html`,
      questions: ask,
      handle: (input, call) => {
        if (members) refuseOthers(`ecs:${name}`, input, members);
        return handle(moment(call), input, call);
      },
    },
  ]);
  return Object.fromEntries(entries);
}

/** Members with which a list is asked for page by page. */
export const PAGED = ['maxResults', 'nextToken'] as const;
