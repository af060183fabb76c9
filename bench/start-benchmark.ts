import { join } from 'node:path';
import { COMMAND_FILE } from '../projenrc/bundle-command';
import { type Command, measure } from './measure';
import type { RepetitionOptions } from './series';
import { type Summary, summarize } from './statistics';

const ROOT = join(__dirname, '..');
/** CPU time that starting the pipeline command may take, in milliseconds. */
const AIM = 150;

/** CPU time of starting the pipeline command, as each step of a workflow does, in milliseconds. */
export interface StartResult {
  readonly subject: string;
  readonly floor: string;
  readonly repetitions: number;
  readonly cpu: Summary;
  readonly floorCpu: Summary;
  /** CPU time that the project wants to stay below. */
  readonly aim: number;
}

const command = (args: readonly string[]): Command => ({
  name: `node ${args.join(' ')}`,
  args,
  cwd: ROOT,
  env: {},
  prepare: () => undefined,
});

/** Measures the command as it is committed, in turns with a Node process that does nothing. */
export async function measureStart({
  repetitions,
  warmUp,
  onProgress,
}: RepetitionOptions): Promise<StartResult> {
  const subject = command([COMMAND_FILE, '--help']);
  const floor = command(['--eval', '0']);
  const spent = new Map<Command, number[]>([
    [subject, []],
    [floor, []],
  ]);
  for (let repetition = warmUp ? 0 : 1; repetition <= repetitions; repetition += 1) {
    for (const [measured, times] of spent) {
      onProgress(`${repetition} of ${repetitions}: ${measured.name}`);
      const { usage } = await measure(measured, { usage: true });
      if (usage && repetition > 0) times.push(usage.cpuMilliseconds);
    }
  }
  return {
    subject: subject.name,
    floor: floor.name,
    repetitions,
    cpu: summarize(spent.get(subject) ?? []),
    floorCpu: summarize(spent.get(floor) ?? []),
    aim: AIM,
  };
}
