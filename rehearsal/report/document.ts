import type { SeenCall } from '../aws/seen-call';
import type { Annotation, Conclusion, JobResult } from '../github/run-result';
import type {
  CallReview,
  FinalState,
  RehearsalReport,
  ScenarioReport,
  Surprise,
} from '../scenarios/scenario';
import type { ProvedClaim } from '../../proofs';
import { hasPassed, LIMITS } from './verdict';

/** What `lockstep rehearse --json` prints. More fields may be added. */
export interface RehearsalDocument {
  readonly passed: boolean;
  /** By workflow and name. */
  readonly scenarios: readonly ScenarioDocument[];
  /** Missing where only some scenarios were run. */
  readonly calls?: CallReview;
  readonly proofs?: readonly ProvedClaim[];
  readonly limits: readonly string[];
  /** Wall-clock seconds, the only value that differs between two runs of the same. */
  readonly seconds: number;
}

interface ScenarioDocument {
  readonly workflow: string;
  readonly name: string;
  readonly title: string;
  readonly faults: readonly string[];
  readonly passed: boolean;
  readonly conclusion: Conclusion;
  readonly surprises: readonly Surprise[];
  readonly jobs: readonly JobDocument[];
  readonly calls: readonly CallDocument[];
  readonly finalState: FinalState;
  readonly leftovers: readonly string[];
  /** Virtual seconds from beginning to end. */
  readonly virtualSeconds: number;
}

interface Timed {
  /** Virtual seconds since the beginning of the scenario. */
  readonly startedAt: number;
  readonly endedAt: number;
}

interface JobDocument extends Timed {
  readonly id: string;
  readonly name: string;
  readonly environment?: string;
  readonly result: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly steps: readonly (Timed & {
    readonly name: string;
    readonly line: number;
    readonly outcome: Conclusion;
    readonly conclusion: Conclusion;
    readonly annotations: readonly Annotation[];
  })[];
}

/** A call, once for each answer that it got. */
interface CallDocument {
  readonly action: string;
  readonly resource: string;
  /** ARN; missing for calls that nobody signs. */
  readonly role?: string;
  readonly allowed: boolean;
  readonly because: readonly string[];
  /** How often it was made. */
  readonly times: number;
  /** When first, in virtual seconds since the beginning of the scenario. */
  readonly firstAt: number;
}

/** The report as one document: the same for the same run, whatever order its scenarios ended in. */
export function rehearsalDocument(report: RehearsalReport): RehearsalDocument {
  const { scenarios, calls, proofs, seconds } = report;
  return {
    passed: hasPassed(report),
    scenarios: scenarios
      .map(scenarioDocument)
      .sort((one, other) => byText(one.workflow, other.workflow) || byText(one.name, other.name)),
    ...(calls && { calls }),
    ...(proofs && { proofs }),
    limits: LIMITS,
    seconds: Math.round(seconds * 10) / 10,
  };
}

function scenarioDocument(report: ScenarioReport): ScenarioDocument {
  const { workflow, name, title, faults, passed, conclusion, surprises, leftovers, startedAt } = report;
  return {
    workflow,
    name,
    title,
    faults,
    passed,
    conclusion,
    surprises,
    jobs: report.jobs.map((job) => jobDocument(job, startedAt)),
    calls: callDocuments(report.calls, startedAt),
    finalState: Object.fromEntries(
      Object.entries(report.finalState).sort(([one], [other]) => byText(one, other)),
    ),
    leftovers,
    virtualSeconds: secondsBetween(startedAt, report.endedAt),
  };
}

function jobDocument(job: JobResult, beginning: number): JobDocument {
  const { id, name, environment, result, outputs, summary, steps } = job;
  return {
    id,
    name,
    ...(environment !== undefined && { environment }),
    result,
    ...timed(job, beginning),
    outputs,
    summary,
    steps: steps.map((step) => ({
      name: step.name,
      line: step.line,
      outcome: step.outcome,
      conclusion: step.conclusion,
      ...timed(step, beginning),
      annotations: step.annotations,
    })),
  };
}

function callDocuments(calls: readonly SeenCall[], beginning: number): readonly CallDocument[] {
  const documents = new Map<string, CallDocument>();
  for (const { action, resource, role, allowed, because, at } of calls) {
    const key = JSON.stringify([action, resource, role, allowed, because]);
    const before = documents.get(key);
    documents.set(key, {
      action,
      resource,
      ...(role !== undefined && { role }),
      allowed,
      because,
      times: (before?.times ?? 0) + 1,
      firstAt: before?.firstAt ?? secondsBetween(beginning, at),
    });
  }
  return [...documents.values()];
}

const timed = ({ startedAt, endedAt }: Timed, beginning: number): Timed => ({
  startedAt: secondsBetween(beginning, startedAt),
  endedAt: secondsBetween(beginning, endedAt),
});

const secondsBetween = (beginning: number, end: number): number => (end - beginning) / 1_000;

/** By code units, the same on every machine. */
const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
