import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { ArtifactStore } from '../../rehearsal/actions';
import { EmulatedAws, type Situation, type TokenReader } from '../../rehearsal/aws/emulated-aws';
import type { EcrState } from '../../rehearsal/aws/ecr/state';
import type { EcsState } from '../../rehearsal/aws/ecs/state';
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
  for (const path of [COMMAND, 'services']) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  return root;
}

/** The jobs of the good path before which a scenario can begin. */
export const CHECKPOINTS = ['build', 'scan', 'deploy-staging', 'deploy-production'] as const;
export type Start = (typeof CHECKPOINTS)[number] | 'firstRelease' | 'good';

/** Both deliveries of the good path, run once, from which every scenario goes on. */
export class Stage {
  private readonly root = smallRepository();
  private readonly sandbox: Sandbox;
  private starts: ReadonlyMap<Start, Checkpoint | Situation> = new Map();

  constructor() {
    this.sandbox = openSandbox({
      root: this.root,
      searchPath: process.env.PATH ?? '',
      replaced: { [MANIFEST_PATH]: encodeManifest(rehearsed().manifest) },
    });
  }

  /** @returns reports of both */
  async open(): Promise<readonly ScenarioReport[]> {
    const first = await this.run(rehearsed(), 'first-release');
    const good = await this.run(rehearsed(), 'good', first.situation);
    this.starts = new Map<Start, Checkpoint | Situation>([
      ...[...good.checkpoints].map(
        ([job, checkpoint]) => [job as Start, beforeArtifacts(checkpoint)] as const,
      ),
      ...(first.situation ? [['firstRelease', first.situation] as const] : []),
      ...(good.situation ? [['good', good.situation] as const] : []),
    ]);
    return [first.report, good.report];
  }

  /** Runs a scenario with what may have been changed, from where the good path was. */
  async perform(changed: Rehearsed, name: string, start: Start): Promise<ScenarioReport> {
    const from = this.starts.get(start);
    if (!from) throw new Error(`nothing starts at ${start}`);
    return (await this.run(changed, name, redeployed(from, changed))).report;
  }

  close(): void {
    this.sandbox.close();
    rmSync(this.root, { recursive: true });
  }

  private run(changed: Rehearsed, name: string, from?: Checkpoint | Situation): Promise<Performance> {
    const repository =
      changed.command === command
        ? this.sandbox.repository
        : overlay(this.sandbox.repository, { [COMMAND]: changed.command });
    return perform(scenarioOf(changed, name), {
      sources: changed,
      sandbox: { ...this.sandbox, repository },
      seed: 1,
      signal: new AbortController().signal,
      from,
      checkpointsAt: new Set(name === 'good' ? CHECKPOINTS : []),
      keepsSituation: true,
    });
  }
}

/** Before the scan has ended there is no artifact, but the good path has made one since. */
const beforeArtifacts = (checkpoint: Checkpoint): Checkpoint =>
  checkpoint.jobs.some(({ id }) => id === 'scan')
    ? checkpoint
    : { ...checkpoint, artifacts: new ArtifactStore() };

function scenarioOf(changed: Rehearsed, name: string): Scenario {
  const [found, ...others] = scenariosOf(changed).filter((each) => each.name === name);
  if (!found || others.length > 0) throw new Error(`${others.length + 1} scenarios are called ${name}`);
  return found;
}

/** What a deployment of changed templates would change in a situation: nothing that ran or was pushed. */
function redeployed(from: Checkpoint | Situation, { templates }: Rehearsed): Checkpoint | Situation {
  if ('situation' in from) return { ...from, situation: updated(from.situation, templates) };
  return updated(from, templates);
}

interface States {
  readonly iam: object;
  readonly ecr: EcrState;
  readonly ecs: EcsState;
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
  const { ecr, ecs, ...states } = situation.states as unknown as States;
  const repositories = [...ecr.repositories].map(([arn, repository]) => {
    const { policy, mutability, exclusions } = made.ecr.repositories.get(arn) ?? repository;
    return [arn, { ...repository, policy, mutability, exclusions }] as const;
  });
  const services = ecs.services.map((service) => {
    const { breaker, alarms } = made.ecs.services.find(({ arn }) => arn === service.arn) ?? service;
    return { ...service, breaker, alarms };
  });
  return {
    ...situation,
    states: {
      ...states,
      iam: made.iam,
      ecr: { ...ecr, repositories: new Map(repositories) },
      ecs: { ...ecs, services },
    },
  };
}
