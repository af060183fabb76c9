import { type Command, measure } from './measure';
import { type Summary, summarize } from './statistics';

/** What was measured of one command. */
export interface Series {
  readonly name: string;
  readonly milliseconds: readonly number[];
  readonly time: Summary;
  readonly peakMib: number;
}

export interface RepetitionOptions {
  readonly repetitions: number;
  /** Run each command once before, to fill caches and to see its memory. */
  readonly warmUp: boolean;
  readonly onProgress: (text: string) => void;
}

/**
 * Measures commands in turns: each repetition runs all of them, every second one in the opposite order,
 * so that whatever else the machine does falls on all alike.
 */
export async function measureInTurns(
  commands: readonly Command[],
  options: RepetitionOptions,
): Promise<Series[]> {
  const times = new Map(commands.map(({ name }) => [name, [] as number[]]));
  const peaks = new Map<string, number>();
  const once = async (command: Command, asked: boolean, timed: boolean): Promise<void> => {
    const { milliseconds, usage } = await measure(command, { usage: asked });
    if (timed) times.get(command.name)?.push(milliseconds);
    if (usage) peaks.set(command.name, Math.max(usage.peakMib, peaks.get(command.name) ?? 0));
  };
  if (options.warmUp) {
    for (const command of commands) {
      options.onProgress(`warming up: ${command.name}`);
      await once(command, true, false);
    }
  }
  for (let repetition = 1; repetition <= options.repetitions; repetition += 1) {
    for (const command of repetition % 2 === 1 ? commands : [...commands].reverse()) {
      options.onProgress(`${repetition} of ${options.repetitions}: ${command.name}`);
      await once(command, !options.warmUp, true);
    }
  }
  return commands.map(({ name }) => {
    const milliseconds = times.get(name) ?? [];
    return { name, milliseconds, time: summarize(milliseconds), peakMib: peaks.get(name) ?? 0 };
  });
}
