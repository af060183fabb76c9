import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from '../../proofs/artefacts/workflow';
import { githubVariables } from './contexts';
import type { Scope } from './expressions';
import { hashFiles } from './hash-files';
import { jobToken } from './job-token';
import { Masks } from './masks';
import { TRACKING } from './orphans';
import type { Permissions } from './permissions';
import type { Annotation, StepResult } from './run-result';
import type { RunContexts } from './run-parts';
import { type RunRequest, secretsFor } from './run-request';
import type { RunnerPorts } from './runner-ports';
import { type RunningStatus, stepStatus } from './status';
import type { StepLog } from './step-log';

/** What is known of a job before its first step. */
export interface JobPlan {
  readonly job: Job;
  /** Key, with the values of its matrix behind it. */
  readonly label: string;
  /** Position among all jobs that ran, for the names of its folders. */
  readonly number: number;
  readonly request: RunRequest;
  readonly environment?: string;
  readonly permissions: Permissions;
  /** Contexts that do not change while the job runs. */
  readonly contexts: RunContexts;
  /** `env` of the workflow and of the job. */
  readonly env: Readonly<Record<string, string>>;
  /** `defaults.run` of the workflow and of the job. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** What a step leaves behind to be done when the job ends. */
export interface PostStep {
  readonly name: string;
  readonly line: number;
  /** @param log takes the place of the step's own, which has ended */
  readonly action: (log: StepLog) => Promise<void> | void;
}

/** A job while it runs: folders, variables, and what its steps have said. */
export class JobState {
  readonly workspace: string;
  readonly temp: string;
  readonly home: string;
  readonly masks = new Masks();
  /** Variables that steps have set for those after them. */
  exported: Readonly<Record<string, string>> = {};
  /** Folders that steps have put on the PATH, the last one first. */
  path: readonly string[] = [];
  /** The context `steps`. */
  steps: Readonly<Record<string, object>> = {};
  status: RunningStatus = 'success';
  posts: readonly PostStep[] = [];
  readonly results: StepResult[] = [];
  readonly summary: string[] = [];
  readonly annotations: Annotation[] = [];
  /** Kills what steps left running in the background. */
  readonly rests: (() => void)[] = [];
  /** Aborts when the job is cancelled; what still runs then had a condition that allows it. */
  readonly cancelled = new AbortController();
  /** Aborts when a cancelled job has had its time. */
  readonly forced = new AbortController();
  private count = 0;

  constructor(
    readonly plan: JobPlan,
    readonly ports: RunnerPorts,
    /** Variables with which the job may ask for OIDC tokens. */
    readonly tokenEnvironment: Readonly<Record<string, string>>,
  ) {
    const { request, number, job } = plan;
    const { name } = request.repository;
    const folder = join(ports.folder, `${number}-${job.id}`);
    this.workspace = join(folder, 'work', name, name);
    this.temp = join(folder, 'temp');
    this.home = join(folder, 'home');
    for (const each of [this.workspace, this.temp, this.home]) mkdirSync(each, { recursive: true });
    writeFileSync(this.eventFile, JSON.stringify(plan.contexts.github.event));
    this.masks.add(jobToken(plan.permissions));
    for (const secret of Object.values(secretsFor(request, plan.environment))) this.masks.add(secret);
  }

  /** Number of the next step, for the names of its files. */
  nextStep(): number {
    this.count += 1;
    return this.count;
  }

  /** What expressions of a step read. */
  scope(env: Readonly<Record<string, string>> = {}): Scope {
    return {
      contexts: {
        ...this.plan.contexts,
        github: this.github(),
        runner: { ...RUNNER, temp: this.temp, tool_cache: join(this.home, 'tools') },
        job: { status: this.status },
        steps: this.steps,
        env: { ...this.plan.env, ...this.exported, ...env },
      },
      status: stepStatus(this.status),
      hashFiles: (patterns) => hashFiles(this.workspace, patterns),
    };
  }

  /**
   * The whole environment of a step: nothing is inherited, and what the runner sets cannot be overwritten.
   *
   * @param own variables of the step and of its files
   */
  environment(own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { environment, processes, path } = this.ports;
    const layers: Readonly<Record<string, string>> = {
      HOME: this.home,
      LANG: 'C.UTF-8',
      CI: 'true',
      ...environment,
      ...this.plan.env,
      ...this.exported,
      ...own,
    };
    const clock = processes?.environment ?? {};
    const nodeOptions = [clock.NODE_OPTIONS, layers.NODE_OPTIONS].filter(Boolean).join(' ');
    return {
      ...layers,
      PATH: [...this.path, ...(layers.PATH === undefined ? path : [layers.PATH])].join(':'),
      ...githubVariables(this.github()),
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_PATH: this.eventFile,
      RUNNER_OS: RUNNER.os,
      RUNNER_ARCH: RUNNER.arch,
      RUNNER_NAME: RUNNER.name,
      RUNNER_ENVIRONMENT: RUNNER.environment,
      RUNNER_TEMP: this.temp,
      [TRACKING]: this.temp,
      RUNNER_TOOL_CACHE: join(this.home, 'tools'),
      ...this.tokenEnvironment,
      ...clock,
      ...(nodeOptions === '' ? {} : { NODE_OPTIONS: nodeOptions }),
    };
  }

  /** The context `github` as the steps of this job read it. */
  private github(): Readonly<Record<string, unknown>> {
    return { ...this.plan.contexts.github, workspace: this.workspace, job: this.plan.job.id };
  }

  private get eventFile(): string {
    return join(this.temp, 'event.json');
  }
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#runner-context */
const RUNNER = { os: 'Linux', arch: 'X64', name: 'GitHub Actions 1', environment: 'github-hosted' };
