import type { AwsConnection, DeployContext, Deployer, DeployEvent } from '../contract/deployer';
import { LockstepError } from '../contract/errors';
import type { DeployManifest, TargetEntry } from '../contract/manifest';
import type { Ports } from './ports';
import { outputEntry } from './renderers/output-file';
import type { Renderer, TimedEvent } from './report';

/** One target that a command works on. */
export interface FoundTarget {
  readonly manifest: DeployManifest;
  readonly entry: TargetEntry;
}

/** One run of a command: what it is given, and where what it says goes. */
export interface Session {
  readonly ports: Ports;
  readonly context: DeployContext;
  /** Everything that was told, in order. */
  readonly timeline: readonly TimedEvent[];
  /** Begins a part of the run. */
  phase(title: string): void;
  emit(event: DeployEvent): void;
  /** Sets a step output at once, so that a later job knows it even when this one is killed. */
  output(name: string, value: string): Promise<void>;
  /** @throws LockstepError when the manifest does not know the target */
  target(workload: string, environment: string): Promise<FoundTarget>;
  /** The deployer of a target, closed when the run ends. @throws LockstepError `UnknownTargetKind` or `InvalidSpec` */
  deployer(entry: TargetEntry): Promise<Deployer>;
  /** How AWS is reached in a region. */
  connection(region: string): AwsConnection;
  manifest(): Promise<DeployManifest>;
  /** Registers what must be closed when the run ends. */
  closeAtEnd(close: () => void): void;
  close(): void;
}

export function openSession(ports: Ports, renderer: Renderer): Session {
  const timeline: TimedEvent[] = [];
  const closers: (() => void)[] = [];
  const emit = (event: DeployEvent) => {
    const timed = { ...event, at: ports.clock.now() };
    timeline.push(timed);
    renderer.event(timed);
  };
  const manifest = async () => {
    const { readManifest } = await import('./manifest');
    return readManifest(ports);
  };
  const session: Session = {
    ports,
    context: { clock: ports.clock, emit, signal: ports.signal },
    timeline,
    phase: (title) => renderer.phase(title),
    emit,
    output: async (name, value) => {
      const { outputFile } = ports.environment;
      if (outputFile !== undefined) await ports.appendFile(outputFile, outputEntry(name, value));
    },
    manifest,
    target: async (workload, environment) => {
      const { findTarget } = await import('./manifest');
      const found = await manifest();
      return { manifest: found, entry: findTarget(found, workload, environment) };
    },
    deployer: async (entry) => {
      const { deployerFactory } = await import('./registry');
      const create = await deployerFactory(entry.kind, `target ${entry.id}`);
      const deployer = create(entry, session.connection(entry.region));
      session.closeAtEnd(() => deployer.close?.());
      return deployer;
    },
    connection: (region) => ({ ...ports.connection, region }),
    closeAtEnd: (close) => closers.push(close),
    close: () => {
      for (const close of closers.splice(0)) close();
    },
  };
  return session;
}

/** Errors of Lockstep's own as they are; anything else as `Unforeseen`. */
export function asLockstepError(error: unknown, place: string): LockstepError {
  if (LockstepError.is(error)) return error;
  return new LockstepError(
    'Unforeseen',
    {
      place,
      value: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      allowed: 'a run without an unforeseen error',
      change: 'run it again with LOCKSTEP_DEBUG=1 and report the stack trace',
    },
    { cause: error },
  );
}
