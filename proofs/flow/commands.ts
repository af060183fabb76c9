import type { Job, Step } from '../artefacts';
import { parseScript } from '../calls/shell';
import { showWord } from '../calls/shell-word';

/** A call of the pipeline command, as a script writes it. */
export interface CommandUse {
  readonly step: Step;
  /** Such as `deploy` or `image find`; whatever stands there where it is none that the command knows. */
  readonly verb: string;
  readonly known: boolean;
  readonly workload?: string;
  /** Options by their long name; a switch is `true`. */
  readonly options: Readonly<Record<string, string | true>>;
}

interface CommandFacts {
  /** Step outputs that the command sets. */
  readonly outputs: readonly string[];
  /** Longest that it waits, in minutes, when a deployment may take that long. */
  readonly longestWait: (deployTimeoutMinutes: number, options: CommandUse['options']) => number;
}

/** ECS lists a deployment some time after the call that started it. */
const LISTED_WITHIN = 1;
/** How long a deployment that was told to stop, or that goes back by itself, is followed. */
const GOES_BACK_WITHIN = 5;
/** How long counts and health may take to settle after a deployment. */
const SETTLES_WITHIN = 2;

const started = (minutes: number): number => LISTED_WITHIN + minutes + GOES_BACK_WITHIN;
const none = (): number => 0;

/**
 * What the pipeline command does, read in its source and measured by tests with a clock of their own.
 * It is kept apart from the table that sizes the jobs, so that one can be held against the other.
 */
const COMMANDS: Readonly<Record<string, CommandFacts>> = {
  deploy: {
    outputs: ['deployment', 'previous', 'version'],
    longestWait: (minutes) => started(minutes) + SETTLES_WITHIN,
  },
  wait: { outputs: [], longestWait: (minutes) => minutes + GOES_BACK_WITHIN + SETTLES_WITHIN },
  rollback: {
    outputs: [],
    longestWait: (minutes, { list, revision }) => {
      if (list === true) return 0;
      // A deployment that is still under way is ended first; only then another one starts.
      return started(minutes) + SETTLES_WITHIN + (revision === undefined ? minutes : 0);
    },
  },
  diagnose: { outputs: [], longestWait: none },
  verify: { outputs: [], longestWait: none },
  status: { outputs: [], longestWait: none },
  'image find': { outputs: ['digest', 'found', 'image', 'tag'], longestWait: none },
  'image tag': { outputs: [], longestWait: none },
};

export const commandOutputs = (verb: string): readonly string[] => COMMANDS[verb]?.outputs ?? [];

/** Longest that a call of the command waits, in minutes. */
export const longestWait = (use: CommandUse, deployTimeoutMinutes: number): number =>
  COMMANDS[use.verb]?.longestWait(deployTimeoutMinutes, use.options) ?? 0;

export const COMMAND_VERBS: readonly string[] = Object.keys(COMMANDS);

const COMMAND_FILE = /(?:^|\/)\.lockstep\/cli\.mjs$/;
const SHORT: Readonly<Record<string, string>> = {
  '-c': 'commit',
  '-d': 'deployment',
  '-e': 'environment',
  '-i': 'image',
  '-l': 'list',
  '-r': 'revision',
};
const SWITCHES: ReadonlySet<string> = new Set(['failed', 'json', 'list']);

/** Calls of the pipeline command in the steps of a job, in order. */
export const commandsOf = (job: Job): readonly CommandUse[] => job.steps.flatMap(commandsOfStep);

const known = new WeakMap<Step, readonly CommandUse[]>();

/** Calls of the pipeline command in one step. Read once. */
export function commandsOfStep(step: Step): readonly CommandUse[] {
  const made = known.get(step) ?? read(step);
  known.set(step, made);
  return made;
}

function read(step: Step): readonly CommandUse[] {
  if (step.run === undefined || !step.run.includes('.lockstep/cli.mjs')) return [];
  return parseScript(step.run).commands.flatMap(({ words }) => {
    const texts = words.map(showWord);
    const at = texts.findIndex((text) => COMMAND_FILE.test(text));
    return at < 0 ? [] : [useOf(step, texts.slice(at + 1))];
  });
}

function useOf(step: Step, words: readonly string[]): CommandUse {
  const [first = '', second = ''] = words;
  const verb = first === 'image' ? `${first} ${second}` : first;
  const { plain, options } = optionsOf(words.slice(verb.split(' ').length));
  return {
    step,
    verb,
    known: Object.hasOwn(COMMANDS, verb),
    ...(plain[0] !== undefined && { workload: plain[0] }),
    options,
  };
}

function optionsOf(words: readonly string[]): {
  readonly plain: readonly string[];
  readonly options: CommandUse['options'];
} {
  const plain: string[] = [];
  const options: Record<string, string | true> = {};
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, long, value] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    const name = long ?? SHORT[word];
    if (name === undefined) plain.push(word);
    else if (value !== undefined) options[name] = value;
    else if (SWITCHES.has(name)) options[name] = true;
    else options[name] = words[(at += 1)] ?? '';
  }
  return { plain, options };
}
