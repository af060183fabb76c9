import { ShellReader } from './shell-reader';
import { assignmentOf, type Script, type ShellCommand, type Word } from './shell-word';

/** Words that only order commands; what follows them is a command. */
const RESERVED = new Set(['if', 'then', 'elif', 'else', 'fi', 'while', 'until', 'do', 'done', '!', '{', '}']);

/**
 * The simple commands of a script of bash: those between control operators, in branches, loops, functions,
 * pipes and substitutions. It does not run anything and takes every branch.
 *
 * @see https://www.gnu.org/software/bash/manual/bash.html#Shell-Syntax
 */
export function parseScript(text: string): Script {
  const commands: ShellCommand[] = [];
  const functions: string[] = [];
  const reader = new ShellReader(text, (nested) => {
    const inner = parseScript(nested);
    commands.push(...inner.commands);
    functions.push(...inner.functions);
  });
  let open = 0;
  let words: Word[] = [];
  let assignments: ShellCommand['assignments'][number][] = [];
  const flush = (): void => {
    if (words.length > 0 || assignments.length > 0) commands.push({ assignments, words });
    words = [];
    assignments = [];
  };

  while (!reader.done) {
    const operator = reader.operator();
    if (operator !== undefined) {
      flush();
      if (operator.startsWith(';;') && open > 0 && !reader.casePatterns()) open -= 1;
      continue;
    }
    if (reader.redirection()) continue;
    for (const word of reader.words()) {
      const literal = onlyText(word);
      const first = words.length === 0;
      const assignment = first ? assignmentOf(word) : undefined;
      if (assignment) assignments.push(assignment);
      else if (first && literal === '[[') reader.skipTo(']]');
      else if (first && literal !== undefined && RESERVED.has(literal)) continue;
      else if (first && literal === 'esac') continue;
      else if (first && literal !== undefined && reader.definition()) functions.push(literal);
      else words.push(word);
    }
    if (words.length === 3 && onlyText(words[0]) === 'case' && onlyText(words[2]) === 'in') {
      words = [];
      if (reader.casePatterns()) open += 1;
    }
  }
  flush();
  return { commands: commands.filter(({ words: [program] }) => onlyText(program) !== 'for'), functions };
}

/** Text of a word without variables. */
export function onlyText(word: Word | undefined): string | undefined {
  const [part, second] = word?.parts ?? [];
  return part?.kind === 'text' && !second ? part.text : undefined;
}
