import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { loadPlatform } from '../bin/load-platform';
import { LockstepError } from '../contract';
import { type ArtefactSources, readForProofs } from '../proofs';
import { choose, type Choice, withPreparation } from '../rehearsal/choose';
import { rehearse } from '../rehearsal/rehearse';
import { declaredCalls, reviewCalls } from '../rehearsal/report/call-review';
import { rehearsalDocument } from '../rehearsal/report/document';
import { proveWithEvidence } from '../rehearsal/report/evidence';
import { junit } from '../rehearsal/report/junit';
import { timeline } from '../rehearsal/report/timeline';
import { hasPassed } from '../rehearsal/report/verdict';
import { type RehearsalReport, sampleOf, type ScenarioReport, scenariosOf } from '../rehearsal/scenarios';
import type { CommandContext } from '../runtime/commands/options';
import type { Ports } from '../runtime/ports';
import { addLocalCommand, type Answer } from './local-command';
import { readRepository, synthesize } from './read-artefacts';
import { renderRehearsal } from './rehearse/final-report';
import { byTheClock, liveView, type Screen } from './rehearse/live-view';
import { renderScenarioList } from './rehearse/scenario-list';
import { rehearsalSummary } from './rehearse/step-summary';
import { renderStory } from './rehearse/story';

const ROOT = dirname(__dirname);

interface RehearseOptions {
  readonly json?: boolean;
  readonly scenario?: readonly string[];
  readonly fault?: readonly string[];
  readonly event?: string;
  readonly sample?: boolean;
  readonly list?: boolean;
  readonly junit?: string;
  readonly timeline?: string;
  readonly keep?: string;
  readonly against?: readonly (readonly [string, string])[];
  readonly seed: number;
  readonly parallel: number;
}

/** Scenarios that are told at length rather than counted. */
const STORIES = 2;

async function answerTo(
  options: RehearseOptions,
  workflow: string | undefined,
  { ports }: CommandContext,
): Promise<Answer> {
  const sources = readRepository(ROOT, synthesize(loadPlatform()));
  const choice = choiceOf(options, workflow, sources);
  if (options.list === true) {
    const listed = choose(scenariosOf(sources, choice.names), choice);
    const json = listed.map(({ workflow: file, name, title, faults }) => ({
      workflow: file,
      name,
      title,
      faults,
    }));
    return { json: { scenarios: json }, text: (paint) => renderScenarioList(listed, paint) };
  }
  checkOutputs(options);
  const report = await run(options, choice, sources, ports);
  const { summaryFile } = ports.environment;
  if (summaryFile !== undefined) await ports.appendFile(summaryFile, rehearsalSummary(report));
  if (options.junit !== undefined) writeFileSync(options.junit, junit(report));
  if (options.timeline !== undefined) {
    writeFileSync(options.timeline, report.scenarios.map(timeline).join('\n'));
  }
  const told = report.scenarios.length <= STORIES && choice.names !== undefined;
  return {
    json: rehearsalDocument(report),
    text: (paint) =>
      told
        ? report.scenarios.map((each) => renderStory(each, paint)).join('')
        : renderRehearsal(report, paint),
    passed: hasPassed(report),
  };
}

/**
 * Finds out before the rehearsal whether what it is to write can be written.
 *
 * @throws LockstepError `InvalidArgument`
 */
function checkOutputs({ junit: report, timeline: chart, keep }: RehearseOptions): void {
  const attempt = (option: string, path: string | undefined, write: (path: string) => void) => {
    if (path === undefined) return;
    try {
      write(path);
    } catch (error) {
      throw new LockstepError('InvalidArgument', {
        place: option,
        value: `${path} (${error instanceof Error ? error.message : String(error)})`,
        allowed: 'a path that can be written',
        change: 'name another one, or make its folder',
      });
    }
  };
  attempt('--junit', report, (path) => appendFileSync(path, ''));
  attempt('--timeline', chart, (path) => appendFileSync(path, ''));
  attempt('--keep', keep, (path) => mkdirSync(path, { recursive: true }));
}

function choiceOf(
  { scenario = [], fault = [], event, sample }: RehearseOptions,
  workflow: string | undefined,
  sources: ArtefactSources,
): Choice {
  if (sample === true) return sampleOf(scenariosOf(sources));
  const names = [...scenario, ...fault];
  return {
    ...(workflow !== undefined && { workflow }),
    ...(names.length > 0 && { names }),
    ...(event !== undefined && { event }),
  };
}

/** Runs what was chosen. Only all scenarios together say which calls nobody makes. */
async function run(
  options: RehearseOptions,
  choice: Choice,
  sources: ArtefactSources,
  ports: Ports,
): Promise<RehearsalReport> {
  const scenarios = scenariosOf(sources, choice.names);
  const total = withPreparation(choose(scenarios, choice), scenarios).length;
  const paint = pc.createColors(ports.environment.color ?? ports.stderr.isTTY === true);
  const view = liveView(ports.stderr as Screen, byTheClock, total, paint);
  const began = ports.clock.now();
  let reports: readonly ScenarioReport[];
  try {
    reports = await rehearse({
      sources,
      root: ROOT,
      choice,
      searchPath: ports.environment.searchPath ?? '',
      parallel: options.parallel,
      seed: options.seed,
      signal: ports.signal,
      ...(options.against && { against: Object.fromEntries(options.against) }),
      ...(options.keep !== undefined && { keep: options.keep }),
      onStart: (which) => view.started(which),
      onEvent: (which, event) => view.event(which, event),
      onReport: (which, { passed }) => view.ended(which, passed),
    });
  } finally {
    view.stop();
  }
  const seconds = (ports.clock.now() - began) / 1_000;
  if (Object.keys(choice).length > 0) return { scenarios: reports, seconds };
  const artefacts = await readForProofs(sources);
  return {
    scenarios: reports,
    calls: reviewCalls(reports, declaredCalls(artefacts)),
    proofs: proveWithEvidence(artefacts, reports),
    seconds,
  };
}

function upstream(text: string, before: readonly (readonly [string, string])[] = []) {
  const [service = '', url = ''] = text.split(/=(.*)/s);
  if (service === '' || !URL.canParse(url)) {
    throw new InvalidArgumentError('Write it as service=url: s3=http://127.0.0.1:4566.');
  }
  return [...before, [service, url] as const];
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('Give a whole number from 1 on.');
  return number;
}

/**
 * `lockstep rehearse`: runs the emitted workflows on this machine against an emulated AWS.
 */
export function addRehearse(program: Command, context: CommandContext): void {
  addLocalCommand<RehearseOptions>(
    program,
    context,
    {
      name: 'rehearse',
      description: 'Run the emitted workflows here, against an emulated AWS with faults',
      example: 'rehearse kvs-infer-deploy --fault ecs:task-exits',
      shape:
        '{ scenarios: [{ workflow, name, title, faults, passed, surprises, jobs, calls: [{ action, resource, role,\n' +
        '    allowed }], finalState, leftovers }], calls?, proofs?, seconds }',
    },
    (options, [workflow]) => answerTo(options, workflow, context),
  )
    .argument('[workflow]', 'stem of a workflow file (default: every workflow)')
    .option('--scenario <name...>', 'only scenarios of these names')
    .option(
      '--fault <name...>',
      'only these faults, where wanted with their environment: ecs:task-exits@staging',
    )
    .option('--event <event>', 'only runs that this event starts')
    .addOption(
      new Option('--sample', 'one good and one bad delivery, told at length').conflicts([
        'scenario',
        'fault',
      ]),
    )
    .option('--list', 'list the scenarios and run none')
    .option('--junit <file>', 'write a JUnit report')
    .option('--timeline <file>', 'write a Mermaid chart of the jobs of each scenario')
    .option('--keep <folder>', 'keep what the emulated AWS knows at the end of each scenario')
    .option('--against <service=url...>', 'ask another emulator on loopback for a service', upstream)
    .option('--seed <number>', 'seed of what is random inside of jobs', wholeNumber, 1)
    .option('--parallel <number>', 'scenarios at the same time', wholeNumber, availableParallelism());
}
