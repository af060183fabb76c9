import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ActionOptions, actionStandIns, ArtifactStore } from '../../rehearsal/actions';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';
import type { ActionRun } from '../../rehearsal/github/action-stand-in';
import type { Annotation } from '../../rehearsal/github/run-result';
import { overlay, type RepositorySnapshot } from '../../rehearsal/repository';

export const SHA = 'a'.repeat(40);

/** What a stand-in did to its job. */
export class Job {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'actions-test-')));
  readonly workspace = join(this.folder, 'workspace');
  readonly temp = join(this.folder, 'temp');
  readonly clock = new VirtualClock();
  readonly log: string[] = [];
  readonly annotations: Annotation[] = [];
  readonly outputs: Record<string, string> = {};
  readonly path: string[] = [];
  readonly masks: string[] = [];
  readonly summaries: string[] = [];
  readonly cancel = new AbortController();
  env: Record<string, string>;
  private readonly ends: (() => Promise<void> | void)[] = [];

  constructor(
    env: Readonly<Record<string, string>> = {},
    readonly permissions: Readonly<Record<string, string>> = { contents: 'read' },
  ) {
    mkdirSync(this.workspace);
    mkdirSync(this.temp);
    this.env = { HOME: this.folder, ...env };
  }

  step(inputs: Readonly<Record<string, string>>): ActionRun {
    return {
      inputs,
      env: this.env,
      run: {
        file: '.github/workflows/deploy.yml',
        text: '',
        event: 'push',
        ref: 'refs/heads/main',
        sha: SHA,
        repository: { owner: 'acme', name: 'platform', defaultBranch: 'main' },
        subjectForm: 'legacy',
        runId: '17',
        runAttempt: 1,
      },
      job: { id: 'build', permissions: this.permissions },
      workspace: this.workspace,
      temp: this.temp,
      clock: this.clock,
      signal: this.cancel.signal,
      log: (line) => this.log.push(line),
      annotate: (annotation) => this.annotations.push(annotation),
      output: (name, value) => {
        this.outputs[name] = value;
      },
      exportVariable: (name, value) => {
        this.env = { ...this.env, [name]: value };
      },
      addPath: (folder) => this.path.push(folder),
      mask: (secret) => this.masks.push(secret),
      summary: (markdown) => this.summaries.push(markdown),
      atEnd: (action) => this.ends.unshift(action),
    };
  }

  async end(): Promise<void> {
    for (const action of this.ends) await action();
  }
}

const jobs: Job[] = [];

/** A job whose folder `removeJobs` removes. */
export function job(...parameters: ConstructorParameters<typeof Job>): Job {
  const made = new Job(...parameters);
  jobs.push(made);
  return made;
}

export function removeJobs(): void {
  for (const { folder } of jobs) rmSync(folder, { recursive: true, force: true });
}

export function lay(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function repository(files: Readonly<Record<string, string>> = {}): RepositorySnapshot {
  const few = { 'README.md': 'read me', 'services/app/Dockerfile': 'FROM scratch\n' };
  return overlay({ files: new Map() }, { ...few, ...files });
}

/** Runs an action as a step of a job. */
export async function run(
  on: Job,
  action: string,
  inputs: Readonly<Record<string, string>> = {},
  options: Partial<ActionOptions> = {},
): Promise<void> {
  const all = actionStandIns({ repository: repository(), artifacts: new ArtifactStore(), ...options });
  const found = all.get(action);
  if (!found) throw new Error(`no stand-in of ${action}`);
  await found.run(on.step(inputs));
}
