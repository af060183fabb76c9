import { onlyText, parseScript } from './shell';
import { type ShellCommand, showWord, type Word } from './shell-word';

/** What a command of a script is, as far as AWS is concerned. */
export type Program =
  /** The pipeline command, `node .lockstep/cli.mjs`, with the words behind it. */
  | { readonly kind: 'pipeline'; readonly words: readonly Word[]; readonly text: string }
  /** The AWS command line, with the words behind `aws`. */
  | { readonly kind: 'aws'; readonly words: readonly Word[]; readonly text: string }
  /** Something that reaches AWS in no case. */
  | { readonly kind: 'local'; readonly text: string }
  /** Something else: with credentials at hand it may call anything. */
  | { readonly kind: 'unknown'; readonly text: string };

/** Programs and builtins that reach AWS in no case. */
const LOCAL = new Set(
  `: . [ alias awk basename break cat cd chmod chown cmp comm command continue cp cut date declare df diff dirname
   du echo env exit export expr false file find git grep gunzip gzip hash head hostname id jq kill let ln local
   ls md5sum mkdir mktemp mv nproc popd printf ps pushd pwd read readonly realpath return rm rmdir sed seq set
   sha256sum shift shopt sleep sort stat tail tar tee test time touch tr trap true type uname uniq unset unzip
   wait wc which yq zip`.split(/\s+/),
);

/** Programs that run the program behind them. A list: options of theirs that take a value. */
const WRAPPERS: Readonly<Record<string, readonly string[]>> = {
  builtin: [],
  command: [],
  env: ['-u', '--unset', '-C', '--chdir'],
  exec: ['-a'],
  nice: ['-n'],
  nohup: [],
  sudo: ['-u', '-g', '--user', '--group'],
  time: ['-f', '-o'],
  timeout: ['-k', '-s', '--kill-after', '--signal'],
  xargs: ['-I', '-n', '-P', '-L', '-d', '-a', '-E', '-s', '--max-args', '--max-procs', '--replace'],
};
const SHELLS = new Set(['bash', 'sh', 'dash', 'zsh']);

/** The programs that a script runs, those inside of `bash -c` and `eval` too. */
export function programsOf(script: string): readonly Program[] {
  const { commands, functions } = parseScript(script);
  return commands.flatMap((command) => programsIn(command, new Set(functions)));
}

function programsIn({ words }: ShellCommand, functions: ReadonlySet<string>): readonly Program[] {
  const text = words.map(showWord).join(' ');
  const [program, ...rest] = unwrap(words);
  if (!program) return [];
  const name = onlyText(program);
  if (name === undefined) return [{ kind: 'unknown', text }];
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (base === 'aws') return [{ kind: 'aws', words: rest, text }];
  if (base === 'node') {
    const [file, ...others] = rest;
    // The same file below another folder would be another program.
    if (/^(?:\.\/)?\.lockstep\/cli\.mjs$/.test(onlyText(file) ?? ''))
      return [{ kind: 'pipeline', words: others, text }];
  }
  if (SHELLS.has(base) || base === 'eval') {
    const inner = base === 'eval' ? rest.map(onlyText) : [scriptOption(rest)];
    return inner.length > 0 && inner.every((part) => part !== undefined)
      ? programsOf(inner.join(' '))
      : [{ kind: 'unknown', text }];
  }
  if (functions.has(name)) return [{ kind: 'local', text }];
  // `.` and `find -exec` run what stands elsewhere.
  const runsOthers =
    name === '.' || (base === 'find' && rest.some((word) => /^-(exec|ok)/.test(showWord(word))));
  return [{ kind: LOCAL.has(base) && !runsOthers ? 'local' : 'unknown', text }];
}

/** The words from the program on that really runs. */
function unwrap(words: readonly Word[]): readonly Word[] {
  const [first, ...rest] = words;
  const name = onlyText(first);
  const withValue = name === undefined || !Object.hasOwn(WRAPPERS, name) ? undefined : WRAPPERS[name];
  if (!withValue) return words;
  // `command -v aws` only looks for a program.
  if (name === 'command' && /^-[vV]$/.test(onlyText(rest[0]) ?? '')) return words;
  let at = 0;
  for (; at < rest.length; at += 1) {
    const word = onlyText(rest[at]);
    if (word !== undefined && withValue.includes(word)) at += 1;
    else if (!(word?.startsWith('-') ?? false) && !/^[A-Za-z_]\w*=/.test(showWord(rest[at] as Word))) break;
  }
  const program = rest.slice(name === 'timeout' ? at + 1 : at);
  return program.length === 0 ? words : unwrap(program);
}

/** Text behind `-c`. */
function scriptOption(words: readonly Word[]): string | undefined {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(onlyText(word) ?? ''));
  return at < 0 ? undefined : onlyText(words[at + 1]);
}
