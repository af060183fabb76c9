import type { Command } from 'commander';
import { LockstepError } from '../../contract/errors';
import type { TargetEntry } from '../../contract/manifest';
import type { Report, Section } from '../report';
import type { Session } from '../session';
import type { Difference } from '../template-differences';
import type { CommandContext } from './options';
import { addTargetCommand, type TargetOptions } from './target-command';

interface DiffOptions extends TargetOptions {
  readonly templates: string;
}

/** What would change in one stack. */
interface StackDifference {
  readonly stack: string;
  readonly state: 'same' | 'changed' | 'notDeployed';
  readonly differences: readonly Difference[];
}

/** Lines of one stack that are shown; `--json` has all of them. */
const SHOWN = 40;

export function addDiff(program: Command, context: CommandContext): void {
  addTargetCommand<DiffOptions>(
    program,
    context,
    {
      name: 'diff',
      description: 'Compare the templates of a target with those that are deployed',
      options: (command) =>
        command.option('-t, --templates <folder>', 'folder with <stack>.template.json', 'cdk.out'),
      exampleTarget: 'bikeshare --environment staging',
      example: '--templates cdk.out',
      json: 'changes, stacks: [{ stack, state: same|changed|notDeployed, differences: [{ kind, path, before?, after? }] }]',
      exits: { done: 'the templates were compared, whether they differ or not' },
    },
    async ({ session, entry, options, name }) => {
      const stacks = stacksOf(entry);
      const found = await compare(session, entry.region, stacks, options.templates);
      const differing = found.filter(({ state }) => state !== 'same');
      await session.output('changes', String(differing.length));
      return {
        title: `${name}: ${differing.length === 0 ? 'every stack is' : `${differing.length} of ${found.length} stacks are not`} deployed as synthesized`,
        facts: found.map((each) => [each.stack, sentenceOf(each)] as const),
        sections: found.filter(({ state }) => state === 'changed').map(sectionOf),
        data: { changes: differing.length, stacks: found },
      } satisfies Report;
    },
  );
}

/** @throws LockstepError `VerbNotSupported` */
function stacksOf({ id, inspection }: TargetEntry): readonly string[] {
  if (inspection) return inspection.stacks;
  throw new LockstepError('VerbNotSupported', {
    place: `target ${id}`,
    value: 'no stacks that are inspected',
    allowed: 'a target with `inspection` in the manifest',
    change: 'compare with `npx cdk diff`',
  });
}

async function compare(
  session: Session,
  region: string,
  names: readonly string[],
  folder: string,
): Promise<readonly StackDifference[]> {
  const [{ openStacks }, { templateOf }, { differences }] = await Promise.all([
    import('../../constructs/deployed-stack/runtime'),
    import('../template'),
    import('../template-differences'),
  ]);
  const deployed = openStacks(session.connection(region));
  session.closeAtEnd(() => deployed.close());
  const found: StackDifference[] = [];
  for (const stack of names) {
    const path = `${folder.replace(/\/+$/, '')}/${stack}.template.json`;
    const wanted = templateOf(await textOf(session, path), path);
    const runs = await deployed.template(stack);
    const changes =
      runs === undefined ? [] : differences(templateOf(runs, `the deployed template of ${stack}`), wanted);
    const state = runs === undefined ? 'notDeployed' : changes.length === 0 ? 'same' : 'changed';
    found.push({ stack, state, differences: changes });
  }
  return found;
}

/** @throws LockstepError `NotSynthesized` */
async function textOf({ ports }: Session, path: string): Promise<string> {
  try {
    return await ports.readFile(path);
  } catch (error) {
    throw new LockstepError(
      'NotSynthesized',
      {
        place: path,
        value: 'no such file',
        allowed: 'a template of this stack',
        change: 'run `npx cdk synth --quiet`, or pass its folder with `--templates`',
      },
      { cause: error },
    );
  }
}

function sentenceOf({ state, differences }: StackDifference): string {
  switch (state) {
    case 'same':
      return 'no difference';
    case 'notDeployed':
      return 'not deployed yet';
    case 'changed': {
      const count = (kind: Difference['kind']) => differences.filter((each) => each.kind === kind).length;
      return `${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`;
    }
  }
}

function sectionOf({ stack, differences }: StackDifference): Section {
  const more = differences.length - SHOWN;
  const rows = differences
    .slice(0, SHOWN)
    .map((each) => [each.kind, each.path, valueOf(each.before), valueOf(each.after)]);
  return {
    title: stack,
    head: ['', 'path', 'deployed', 'synthesized'],
    rows: more > 0 ? [...rows, ['', `and ${more} more`, '', '']] : rows,
  };
}

const valueOf = (value: Difference['before']): string => (value === undefined ? '' : JSON.stringify(value));
