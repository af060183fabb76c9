import type { Command } from 'commander';
import type { ValueRef } from '../../contract/value-ref';
import type { Report } from '../report';
import { contentFacts } from './content-facts';
import type { CommandContext } from './options';
import { addTargetVerb } from './target-verb';

export function addStatus(program: Command, context: CommandContext): void {
  addTargetVerb(program, context, {
    name: 'status',
    description: 'Show what runs and the last deployments',
    json: 'running?, facts, history: [{ version, at?, status, stable }], changingTo?',
    exits: { done: 'the answer is known', failed: 'the stacks are not deployed' },
    run: async ({ session, entry, deployer, name }) => {
      const status = await deployer.status(session.context);
      const { running, changingTo, history } = status;
      const facts = [...status.facts, ...recordedIn(entry.releasedImage)];
      return {
        title: `${name}: ${running ? `${running.name} runs` : 'nothing runs'}`,
        facts: [...(running ? contentFacts(running) : []), ...facts],
        history,
        data: {
          running,
          ...(changingTo ? { changingTo } : {}),
          facts: Object.fromEntries(facts),
        },
      };
    },
  });
}

/** Where the image that was last released can be read, for whoever wants to look or to repair it. */
function recordedIn(releasedImage: ValueRef | undefined): Report['facts'] {
  return releasedImage?.from === 'ssmParameter'
    ? [['recorded in', `SSM parameter ${releasedImage.name}`]]
    : [];
}
