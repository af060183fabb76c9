import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { ArtifactStore } from '../../rehearsal/actions';
import { EmulatedAws, type Situation, type TokenReader } from '../../rehearsal/aws/emulated-aws';
import type { EcrState } from '../../rehearsal/aws/ecr/state';
import type { EcsState } from '../../rehearsal/aws/ecs/state';
import type { S3State } from '../../rehearsal/aws/s3/state';
import type { SsmState } from '../../rehearsal/aws/ssm/state';
import { VirtualClock } from '../../rehearsal/clock';
import { type Checkpoint, perform, type Performance } from '../../rehearsal/perform';
import { overlay } from '../../rehearsal/repository';
import { openSandbox, type Sandbox } from '../../rehearsal/sandbox';
import { type Scenario, type ScenarioReport, scenariosOf } from '../../rehearsal/scenarios';
import { type Sources, sources } from '../proofs/sample';

const COMMAND = '.lockstep/cli.mjs';

/** What is rehearsed: the sample platform's artefacts, and the text of the pipeline command. */
export interface Rehearsed extends Sources {
  command: string;
}

const ROOT = join(__dirname, '../..');
const command = readFileSync(join(ROOT, COMMAND), 'utf8');

/** A copy that may be changed. */
export const rehearsed = (): Rehearsed => ({ ...sources(), command });

/** A small repository: what the emitted workflows check out, and nothing else. */
export function smallRepository(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-small-')));
  for (const path of [COMMAND, 'services', 'k8s']) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  return root;
}

/** The good paths, each behind what it begins with, and the jobs before which a scenario can begin. */
export const GOOD_PATHS: Readonly<Record<string, readonly string[]>> = {
  'kvs-infer first-release': [],
  'kvs-infer good': ['build', 'scan', 'deploy-staging', 'deploy-production'],
  'bikeshare-cd-staging first-release': [],
  'bikeshare-promote-production first-release': [],
  'bikeshare-cd-staging good': ['deploy-staging'],
  'bikeshare-promote-production good': ['deploy-production'],
  'production-platform first-release': [],
  'production-platform good': ['deploy-production'],
};

/** Where a scenario begins: stacks that were just deployed, the end of a good path, or one of its jobs. */
export type Start =
  'stacksDeployed' | { readonly after: string } | { readonly within: string; readonly before: string };

const keyOf = (start: Exclude<Start, 'stacksDeployed'>): string =>
  'after' in start ? start.after : `${start.within}, ${start.before}`;

/** The deliveries of the good paths, run once, from which every scenario goes on. */
export class Stage {
  private readonly root = smallRepository();
  private readonly sandbox: Sandbox;
  private readonly starts = new Map<string, Checkpoint | Situation>();

  constructor() {
    this.sandbox = openSandbox({
      root: this.root,
      searchPath: process.env.PATH ?? '',
      replaced: { [MANIFEST_PATH]: encodeManifest(rehearsed().manifest) },
    });
  }

  /** @returns reports of all, by the id of the scenario */
  async open(): Promise<ReadonlyMap<string, ScenarioReport>> {
    const reports = new Map<string, ScenarioReport>();
    for (const [id, jobs] of Object.entries(GOOD_PATHS)) {
      const { beginning } = scenarioOf(rehearsed(), id);
      const from = beginning === 'stacksDeployed' ? undefined : this.starts.get(beginning.after);
      const { report, situation, checkpoints } = await this.run(rehearsed(), id, from, jobs);
      reports.set(id, report);
      if (situation) this.starts.set(id, situation);
      for (const [before, checkpoint] of checkpoints)
        this.starts.set(keyOf({ within: id, before }), beforeArtifacts(checkpoint));
    }
    return reports;
  }

  /** Runs a scenario with what may have been changed, from where the good path was. */
  async perform(changed: Rehearsed, id: string, start: Start): Promise<ScenarioReport> {
    if (start === 'stacksDeployed') return (await this.run(changed, id)).report;
    const from = this.starts.get(keyOf(start));
    if (!from) throw new Error(`nothing starts at ${keyOf(start)}`);
    return (await this.run(changed, id, redeployed(from, changed))).report;
  }

  close(): void {
    this.sandbox.close();
    rmSync(this.root, { recursive: true });
  }

  private run(
    changed: Rehearsed,
    id: string,
    from?: Checkpoint | Situation,
    checkpointsAt: readonly string[] = [],
  ): Promise<Performance> {
    const repository =
      changed.command === command
        ? this.sandbox.repository
        : overlay(this.sandbox.repository, { [COMMAND]: changed.command });
    return perform(scenarioOf(changed, id), {
      sources: changed,
      sandbox: { ...this.sandbox, repository },
      seed: 1,
      signal: new AbortController().signal,
      from,
      checkpointsAt: new Set(checkpointsAt),
      keepsSituation: true,
    });
  }
}

/** Before the scan has ended there is no artifact, but the good path has made one since. */
const beforeArtifacts = (checkpoint: Checkpoint): Checkpoint =>
  checkpoint.jobs.some(({ id }) => id === 'scan')
    ? checkpoint
    : { ...checkpoint, artifacts: new ArtifactStore() };

function scenarioOf(changed: Rehearsed, id: string): Scenario {
  const found = scenariosOf(changed).find((each) => each.id === id);
  if (found) return found;
  throw new Error(`no scenario is called ${id}`);
}

/** What a deployment of changed templates would change in a situation: nothing that ran or was pushed. */
function redeployed(from: Checkpoint | Situation, { templates }: Rehearsed): Checkpoint | Situation {
  if ('situation' in from) return { ...from, situation: updated(from.situation, templates) };
  return updated(from, templates);
}

interface States {
  readonly iam: object;
  readonly lambda: object;
  readonly ecr: EcrState;
  readonly ecs: EcsState;
  readonly s3: S3State;
  readonly ssm: SsmState;
}

const NO_TOKENS: TokenReader = {
  read: () => {
    throw new Error('nobody signs in here');
  },
};

/** What the services know right after templates were deployed. */
function statesOf(templates: Rehearsed['templates']): States {
  const aws = new EmulatedAws({ clock: new VirtualClock(), templates, tokens: NO_TOKENS });
  return aws.snapshot().states as unknown as States;
}

function updated(situation: Situation, templates: Rehearsed['templates']): Situation {
  const made = statesOf(templates);
  const { ecr, ecs, s3, ssm, ...states } = situation.states as unknown as States;
  const repositories = [...ecr.repositories].map(([arn, repository]) => {
    const { policy, mutability, exclusions } = made.ecr.repositories.get(arn) ?? repository;
    return [arn, { ...repository, policy, mutability, exclusions }] as const;
  });
  const services = ecs.services.map((service) => {
    const { breaker, alarms } = made.ecs.services.find(({ arn }) => arn === service.arn) ?? service;
    return { ...service, breaker, alarms };
  });
  const buckets = [...s3.buckets].map(
    ([name, bucket]) => [name, { ...bucket, policy: made.s3.buckets.get(name)?.policy }] as const,
  );
  return {
    ...situation,
    states: {
      ...states,
      iam: made.iam,
      lambda: made.lambda,
      ecr: { ...ecr, repositories: new Map(repositories) },
      ecs: { ...ecs, services },
      s3: { ...s3, buckets: new Map(buckets) },
      ssm: { ...ssm, documents: made.ssm.documents },
    },
  };
}
