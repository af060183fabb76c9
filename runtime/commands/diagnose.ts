import type { Command } from 'commander';
import type { CommandContext } from './options';
import { addTargetVerb } from './target-verb';

export function addDiagnose(program: Command, context: CommandContext): void {
  addTargetVerb(program, context, {
    name: 'diagnose',
    description: 'Say why the newest deployment failed, and what to do',
    json: 'diagnoses: [{ source, cause, evidence, remedy }]',
    exits: { done: 'the answer is known, whatever was found' },
    run: async ({ session, deployer, name }) => {
      const diagnoses = await deployer.diagnose(session.context);
      const found =
        diagnoses.length === 0 ? 'nothing wrong was found' : `${diagnoses.length} found, most probable first`;
      return { title: `${name}: ${found}`, facts: [], diagnoses, data: {} };
    },
  });
}
