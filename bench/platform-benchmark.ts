import { commandsIn, type Commands } from './commands';
import type { Command } from './measure';
import { platformTitle } from './platform-title';
import { compareAssemblies } from './resource-types';
import type { Comparison, PlatformResult } from './results';
import { measureInTurns, type RepetitionOptions } from './series';
import { ratios, summarize } from './statistics';
import { inWorkspace } from './workspace';

/** Times that the project wants to stay below, over the plain CDK app. */
const AIMS = { regenerate: 1.5, synth: 1.15 } as const;

interface Pair {
  readonly subject: Command;
  readonly floor: Command;
  readonly aim?: number;
}

/** The platform file of the repository, against all floors. */
export function measureSample(options: RepetitionOptions): Promise<PlatformResult> {
  return measurePlatform(platformTitle(undefined), undefined, options, (commands) => [
    { subject: commands.regenerate, floor: commands.plainByRunner, aim: AIMS.regenerate },
    { subject: commands.regenerate, floor: commands.loadCdk },
    { subject: commands.synth, floor: commands.plain, aim: AIMS.synth },
    { subject: commands.synthWithChecks, floor: commands.plainWithChecks, aim: AIMS.synth },
  ]);
}

/** A generated platform of one environment. */
export function measureGenerated(workloads: number, options: RepetitionOptions): Promise<PlatformResult> {
  return measurePlatform(platformTitle(workloads), workloads, options, (commands) => [
    { subject: commands.regenerate, floor: commands.plainByRunner, aim: AIMS.regenerate },
    { subject: commands.synth, floor: commands.plain, aim: AIMS.synth },
  ]);
}

function measurePlatform(
  title: string,
  workloads: number | undefined,
  options: RepetitionOptions,
  pairsOf: (commands: Commands) => readonly Pair[],
): Promise<PlatformResult> {
  return inWorkspace(workloads, async (workspace) => {
    const commands = commandsIn(workspace, workloads === undefined ? 'sample' : String(workloads));
    const pairs = pairsOf(commands);
    const measured = await measureInTurns(
      [...new Set(pairs.flatMap(({ subject, floor }) => [subject, floor]))],
      { ...options, onProgress: (text) => options.onProgress(`${title}, ${text}`) },
    );
    const seriesOf = ({ name }: Command) => {
      const series = measured.find((candidate) => candidate.name === name);
      if (!series) throw new Error(`${name} was not measured`);
      return series;
    };
    const comparisons = pairs.map((pair): Comparison => {
      const [subject, floor] = [seriesOf(pair.subject), seriesOf(pair.floor)];
      return {
        subject: subject.name,
        floor: floor.name,
        ratio: summarize(ratios(subject.milliseconds, floor.milliseconds)),
        milliseconds: subject.time,
        floorMilliseconds: floor.time,
        peakMib: subject.peakMib,
        floorPeakMib: floor.peakMib,
        ...(pair.aim !== undefined && { aim: pair.aim }),
      };
    });
    return {
      title,
      ...(workloads !== undefined && { workloads }),
      repetitions: options.repetitions,
      alike: compareAssemblies(
        workspace.assembly(commands.synth.name),
        workspace.assembly(commands.plain.name),
      ),
      comparisons,
    };
  });
}
