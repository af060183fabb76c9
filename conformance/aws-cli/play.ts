import { z } from 'zod';
import { lastWords, type Outcome } from '../command';
import { differences } from './differences';
import type { Stage } from './stage';
import type { Transcript, TranscriptCall } from './transcript';

/** Runs the AWS CLI, with these variables beside those that every call has. */
export type RunCli = (args: readonly string[], env: Readonly<Record<string, string>>) => Promise<Outcome>;

const credentialsSchema = z.object({
  Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
});

/** What earlier steps left to later ones. */
interface Memory {
  readonly kept: Map<string, string>;
  readonly sessions: Map<string, Readonly<Record<string, string>>>;
}

/**
 * Plays a transcript to its end.
 *
 * @returns what came otherwise than expected, one line each
 */
export async function play(transcript: Transcript, stage: Stage, run: RunCli): Promise<readonly string[]> {
  const memory: Memory = { kept: new Map(), sessions: new Map() };
  const findings: string[] = [];
  for (const [index, step] of transcript.steps.entries()) {
    if ('passSeconds' in step) {
      stage.clock.pass(step.passSeconds);
      continue;
    }
    const found = await playCall(step, memory, stage, run);
    findings.push(
      ...found.map((each) => `step ${index + 1}, aws ${step.run.slice(0, 2).join(' ')}: ${each}`),
    );
  }
  const { aws } = stage;
  return [
    ...findings,
    ...aws.failures.map((failure) => `fault of the emulator: ${failure}`),
    ...(transcript.everyService ? uncalled(aws) : []),
  ];
}

async function playCall(
  step: TranscriptCall,
  memory: Memory,
  stage: Stage,
  run: RunCli,
): Promise<readonly string[]> {
  const session = step.as === undefined ? {} : memory.sessions.get(step.as);
  if (!session) return [`nobody signed in as ${step.as ?? ''}`];
  const missing = step.run.flatMap((argument) => missingIn(argument, memory.kept));
  if (missing.length > 0) return [`no step has kept ${missing.join(', ')}`];
  const args = step.run.map((argument) => filledIn(argument, memory, stage));
  const outcome = await run(args, session);
  if ('refused' in step) return refusalFaults(outcome, step.refused);
  if (outcome.code !== 0) return [`exit code ${outcome.code ?? 'none'}: ${lastWords(outcome)}`];
  const printed = outcome.stdout.trim();
  if ('answers' in step) return differences(printed === '' ? {} : JSON.parse(printed), step.answers);
  if ('prints' in step) return printed === step.prints ? [] : [`it printed ${JSON.stringify(printed)}`];
  if ('keeps' in step) return keep(memory, step.keeps, printed);
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentialsSchema.parse(
    JSON.parse(printed),
  ).Credentials;
  memory.sessions.set(step.signsIn, {
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  });
  return [];
}

const NAME = /\{\{([^}]+)\}\}/g;

/** Names that an argument needs, and that no step has kept. */
const missingIn = (argument: string, kept: Memory['kept']): readonly string[] =>
  [...argument.matchAll(NAME)]
    .map(([, name = '']) => name)
    .filter((name) => !/^token(:|$)/.test(name) && !kept.has(name));

const filledIn = (argument: string, { kept }: Memory, { token }: Stage): string =>
  argument.replaceAll(NAME, (_, name: string) => {
    const [, environment] = /^token(?::(.+))?$/.exec(name) ?? [];
    return kept.get(name) ?? token(environment);
  });

function refusalFaults(outcome: Outcome, code: string): readonly string[] {
  if (outcome.code === 0) return [`it went through, expected ${code}`];
  if (outcome.stderr.includes(`An error occurred (${code}) when calling`)) return [];
  return [`exit code ${outcome.code ?? 'none'}, expected ${code}: ${lastWords(outcome)}`];
}

/** The CLI prints `None` for what it did not find. */
function keep({ kept }: Memory, name: string, printed: string): readonly string[] {
  kept.set(name, printed);
  return printed === '' || printed === 'None' ? [`it printed nothing to keep as ${name}`] : [];
}

function uncalled({ world, calls }: Stage['aws']): readonly string[] {
  const called = new Set(calls.map(({ action }) => action.split(':')[0]));
  return Object.entries(world)
    .filter(([, { operations }]) => Object.keys(operations).length > 0)
    .filter(([name, { signingName }]) => !called.has(signingName) && !called.has(name))
    .map(([name]) => `no call went to ${name}`);
}
