import type { Command } from 'commander';
import { LockstepError } from '../../contract/errors';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';
import { notSupported } from './verb-not-supported';

interface LogsOptions extends TargetOptions {
  readonly since: string;
  readonly limit: string;
}

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
const MOST_LINES = 10_000;

export function addLogs(program: Command, context: CommandContext): void {
  addTargetVerb<'logs', LogsOptions>(program, context, {
    name: 'logs',
    description: 'Print what the containers wrote, oldest first',
    options: (command) =>
      command
        .option('--since <time>', 'how far back: a number and s, m, h or d', '15m')
        .option('--limit <lines>', 'most lines; the newest are kept', '200'),
    exampleTarget: 'bikeshare --environment production',
    example: '--since 1h --limit 50',
    json: 'lines: [{ at, source, text }]',
    exits: { done: 'the lines are printed, if there are any' },
    run: async ({ session, entry, deployer, options, name }) => {
      const request = { sinceMs: durationOf(options.since), limit: limitOf(options.limit) };
      if (!deployer.logs) throw notSupported('logs', entry);
      const lines = await deployer.logs(request, session.context);
      const title = `${name}: ${lines.length} ${lines.length === 1 ? 'line' : 'lines'} of the last ${options.since}`;
      return {
        title,
        facts: [],
        sections:
          lines.length === 0
            ? []
            : [{ title: 'Lines', lines: lines.map(({ at, source, text }) => `${at} ${source} ${text}`) }],
        data: { lines },
      };
    },
  });
}

/** @throws LockstepError `InvalidArgument` */
function durationOf(text: string): number {
  const [, number = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS_MS.get(unit) ?? 0);
  if (milliseconds > 0) return milliseconds;
  throw invalid('--since', text, 'a number and a unit of s, m, h or d, such as 15m');
}

/** @throws LockstepError `InvalidArgument` */
function limitOf(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST_LINES) return limit;
  throw invalid('--limit', text, `a whole number from 1 to ${MOST_LINES}`);
}

const invalid = (place: string, value: string, allowed: string): LockstepError =>
  new LockstepError('InvalidArgument', {
    place,
    value: JSON.stringify(value),
    allowed,
    change: `correct ${place}`,
  });
