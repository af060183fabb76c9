import type { TargetEntry } from '../../contract';
import type { Job, Step } from '../artefacts';
import { parseScript } from '../calls/shell';
import { showWord, type Word } from '../calls/shell-word';

/** A call of the pipeline command, as a script writes it. */
export interface CommandUse {
  readonly step: Step;
  /** Such as `deploy` or `image find`; whatever stands there where it is none that the command knows. */
  readonly verb: string;
  readonly known: boolean;
  readonly workload?: string;
  /** Options by their long name, the last one where one is written several times; a switch is `true`. */
  readonly options: Readonly<Record<string, string | true>>;
  /** Every value of each option with values, in the order in which they are written. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Names of those that may be left out, from `${NAME:+--flag "$NAME"}`. */
  readonly optional: readonly string[];
}

interface CommandFacts {
  /** Step outputs that the command sets. */
  readonly outputs: readonly string[];
  /** Longest that it waits, in minutes, when deployments may take that long. */
  readonly longestWait: (times: DeploymentTimes, options: CommandUse['options']) => number;
}

/** How long deployments to a target may take. */
type DeploymentTimes = Pick<TargetEntry, 'settleMinutes' | 'deployTimeoutMinutes'> &
  Partial<Pick<TargetEntry, 'kind'>>;

/** ECS lists a deployment some time after the call that started it. */
const LISTED_WITHIN = 1;
/** How long a deployment that was told to stop, or that goes back by itself, is followed. */
const GOES_BACK_WITHIN = 5;
/** The same for kinds that the deployer leads back itself, by a command that has to be delivered. */
const LED_BACK_WITHIN: Readonly<Record<string, number>> = { 'k3s-node': 12 };
/** How long counts and health may take to settle after a deployment. */
const SETTLES_WITHIN = 2;

/**
 * How long channels that do not answer are tried: Slack and PagerDuty one after the other, each five times for half a
 * minute with growing pauses, and mail. A server may ask for longer pauses.
 */
const TELLS_WITHIN = 8;

/** How long a kind may ask whether a version answers, once its counts and health have settled. */
const ASKS_WITHIN: Readonly<Record<string, number>> = { 'ecs-service': 2 };

/** Longest that a verification asks, in minutes. */
export const asksWithin = ({ kind = '' }: Partial<Pick<TargetEntry, 'kind'>>): number =>
  ASKS_WITHIN[kind] ?? 0;
const settles = (times: DeploymentTimes): number => SETTLES_WITHIN + asksWithin(times);

const goesBack = ({ kind = '' }: DeploymentTimes): number => LED_BACK_WITHIN[kind] ?? GOES_BACK_WITHIN;
const started = (times: DeploymentTimes): number =>
  LISTED_WITHIN + times.deployTimeoutMinutes + goesBack(times);
const none = (): number => 0;

/**
 * What the pipeline command does, read in its source and measured by tests with a clock of their own.
 * It is kept apart from the table that sizes the jobs, so that one can be held against the other.
 */
const COMMANDS: Readonly<Record<string, CommandFacts>> = {
  deploy: {
    outputs: ['deployment', 'previous', 'version'],
    longestWait: (times) => times.settleMinutes + started(times) + settles(times),
  },
  wait: {
    outputs: [],
    longestWait: (times) => times.deployTimeoutMinutes + goesBack(times) + settles(times),
  },
  rollback: {
    outputs: [],
    longestWait: (times, { list }) => {
      if (list === true) return 0;
      // A deployment that is still under way is followed to its end first; only then another one starts.
      return started(times) + settles(times) + times.deployTimeoutMinutes;
    },
  },
  diagnose: { outputs: [], longestWait: none },
  verify: { outputs: [], longestWait: asksWithin },
  status: { outputs: [], longestWait: none },
  resolve: { outputs: ['digest', 'model'], longestWait: none },
  identity: { outputs: [], longestWait: none },
  diff: { outputs: ['changes'], longestWait: none },
  'image find': { outputs: ['digest', 'found', 'image', 'tag'], longestWait: none },
  'image tag': { outputs: [], longestWait: none },
  /** Waits for a task and not for a target: see proofs/gpu-check/times.ts. */
  'gpu-check run': { outputs: [], longestWait: none },
  'gpu-check report': { outputs: [], longestWait: none },
  notify: { outputs: [], longestWait: () => TELLS_WITHIN },
  metrics: { outputs: [], longestWait: none },
};

export const commandOutputs = (verb: string): readonly string[] => COMMANDS[verb]?.outputs ?? [];

/** Longest that a call of the command waits, in minutes. */
export const longestWait = (use: CommandUse, times: DeploymentTimes): number =>
  COMMANDS[use.verb]?.longestWait(times, use.options) ?? 0;

export const COMMAND_VERBS: readonly string[] = Object.keys(COMMANDS);

const COMMAND_FILE = /(?:^|\/)\.lockstep\/cli\.mjs$/;
const SHORT: Readonly<Record<string, string>> = {
  '-c': 'commit',
  '-d': 'deployment',
  '-e': 'environment',
  '-i': 'image',
  '-l': 'list',
  '-m': 'model',
  '-r': 'revision',
  '-t': 'templates',
};
const SWITCHES: ReadonlySet<string> = new Set(['failed', 'json', 'list', 'required']);

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
    const at = words.findIndex((word) => COMMAND_FILE.test(showWord(word)));
    return at < 0 ? [] : [useOf(step, words.slice(at + 1))];
  });
}

function useOf(step: Step, words: readonly Word[]): CommandUse {
  const [first = '', second = ''] = words.map(showWord);
  const verb = first === 'image' || first === 'gpu-check' ? `${first} ${second}` : first;
  const { plain, ...found } = optionsOf(words.slice(verb.split(' ').length));
  return {
    step,
    verb,
    known: Object.hasOwn(COMMANDS, verb),
    ...(plain[0] !== undefined && { workload: plain[0] }),
    ...found,
  };
}

function optionsOf(
  words: readonly Word[],
): Pick<CommandUse, 'options' | 'values' | 'optional'> & { readonly plain: readonly string[] } {
  const plain: string[] = [];
  const options: Record<string, string | true> = {};
  const values: Record<string, string[]> = {};
  const optional: string[] = [];
  const texts = words.map(showWord);
  for (let at = 0; at < texts.length; at += 1) {
    const word = texts[at] ?? '';
    const [, long, value] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    const name = long ?? SHORT[word];
    if (name === undefined) {
      plain.push(word);
      continue;
    }
    if (words[at]?.optional === true) optional.push(name);
    if (value === undefined && SWITCHES.has(name)) {
      options[name] = true;
      continue;
    }
    const given = value ?? texts[(at += 1)] ?? '';
    options[name] = given;
    values[name] = [...(values[name] ?? []), given];
  }
  return { plain, options, values, optional };
}
