import type { RunResult } from '../github/run-result';
import type { Expectation, FinalState, Surprise } from './scenario';

/** What a run came to. */
export interface Outturn {
  readonly run: RunResult;
  readonly finalState: FinalState;
  readonly leftovers: readonly string[];
}

/** Everything that is not as the scenario expects. */
export function surprises(expect: Expectation, outturn: Outturn): readonly Surprise[] {
  return [
    ...jobSurprises(expect, outturn),
    ...stateSurprises(expect, outturn),
    ...textSurprises('summary', expect.summary, outturn),
    ...textSurprises('log', expect.log, outturn),
    ...leftoverSurprises(expect, outturn),
  ];
}

function jobSurprises({ jobs }: Expectation, { run }: Outturn): readonly Surprise[] {
  const seen = new Set(run.jobs.map(({ id }) => id));
  const wrong = run.jobs.filter(({ id, result }) => (jobs[id] ?? 'skipped') !== result);
  return [
    ...wrong.map(({ id, result }) => ({
      place: `job ${id}`,
      value: result,
      allowed: jobs[id] ?? 'skipped',
    })),
    ...Object.entries(jobs)
      .filter(([id]) => !seen.has(id))
      .map(([id, result]) => ({ place: `job ${id}`, value: 'no such job', allowed: result })),
  ];
}

function stateSurprises({ state }: Expectation, { finalState }: Outturn): readonly Surprise[] {
  return Object.entries(state)
    .filter(([fact, value]) => finalState[fact] !== value)
    .map(([fact, value]) => ({ place: fact, value: finalState[fact] ?? 'nothing known', allowed: value }));
}

function textSurprises(
  kind: 'summary' | 'log',
  texts: Expectation['summary'] = {},
  { run }: Outturn,
): readonly Surprise[] {
  return Object.entries(texts).flatMap(([id, wanted]) => {
    const job = run.jobs.find((each) => each.id === id);
    const found =
      kind === 'summary'
        ? (job?.summary ?? '')
        : [...(job ? [job] : []), ...(job?.steps ?? [])]
            .flatMap((part) => [
              ...('log' in part ? part.log : []),
              ...(part.annotations ?? []).map(({ title = '', message }) => `${title} ${message}`.trim()),
            ])
            .join('\n');
    return wanted
      .filter((text) => !found.includes(text))
      .map((text) => ({
        place: `${kind} of ${id}`,
        value: excerpt(found),
        allowed: `a text with "${text}"`,
      }));
  });
}

function leftoverSurprises({ leftovers = [] }: Expectation, outturn: Outturn): readonly Surprise[] {
  return outturn.leftovers
    .filter((line) => !leftovers.some(({ contains }) => line.includes(contains)))
    .map((line) => ({ place: 'left behind', value: line, allowed: 'nothing' }));
}

const LONGEST_EXCERPT = 400;
const excerpt = (text: string): string =>
  text === '' ? 'nothing' : text.length > LONGEST_EXCERPT ? `${text.slice(0, LONGEST_EXCERPT)}…` : text;
