import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsService, Caller } from '../aws/service';
import type { VirtualClock } from '../clock/virtual-clock';
import { TimeFile } from '../clock/time-file';
import { emptyCluster, liveCluster, type Moment, type PullResult } from '../kubernetes';
import { layFiles, readFiles } from './disk';
import { ProgramLine } from './line';
import { perform } from './programs';
import type { S3Call } from './programs/aws-s3';
import { type RunningScript, runScript, type ScriptEnd } from './run-script';
import { ScriptTime } from './script-time';
import { sizeOf } from './sizes';
import type { MachineState } from './state';
import { PORT_VARIABLE, RUN_VARIABLE, TIME_VARIABLE } from './write-programs';

/** An instance as its machine needs to know it. */
export interface Instance {
  readonly id: string;
  readonly instanceType: string;
  readonly region: string;
  /** Session of the role of its profile. @default - it has none, and may do nothing */
  readonly caller?: Caller;
}

export interface MachinePorts {
  readonly clock: VirtualClock;
  /** Undefined where there is no such instance any more. */
  readonly find: (id: string) => Instance | undefined;
  /** What the instance may do in S3. */
  readonly s3: (instance: Instance) => S3Call;
  /** A pull by the kubelet with the role of the instance. */
  readonly pull: (instance: Instance, image: string) => PullResult;
}

/** Where scripts run. */
export interface Workshop {
  /** An empty folder; exists. */
  readonly folder: string;
  /** What `writeMachinePrograms` wrote; the first folder of their PATH. */
  readonly programs: string;
  /** Folders of their PATH behind it. */
  readonly path: readonly string[];
}

/** A script on its way. */
export interface MachineRun {
  kill(): void;
}

interface MachinesState {
  /** By the id of the instance. */
  readonly machines: Map<string, MachineState>;
}

/** After so much real time without a call, a script is taken to hang. */
const HANGS_MS = 60_000;

/**
 * The machines behind instances: what their scripts leave on their disks, and the clusters that they run. They are no
 * service that anybody calls; they stand among the services because their state is part of a situation.
 */
export class Machines implements AwsService {
  readonly signingName = 'machines';
  readonly protocol = 'json';
  readonly schemas = {};
  readonly operations = {};
  readonly makes = {};
  state: MachinesState = { machines: new Map() };
  private readonly line = new ProgramLine();
  private readonly seen = new Map<string, ReadonlyMap<string, string>>();
  private readonly running = new Map<RunningScript, string>();
  private workshop: Workshop | undefined;
  private runs = 0;

  constructor(private readonly ports: MachinePorts) {
    ports.clock.onStep(() => {
      for (const [id, { cluster }] of this.state.machines) {
        const moment = this.momentOf(id, cluster);
        this.seen.set(id, liveCluster(moment, this.seen.get(id) ?? new Map()));
      }
    });
  }

  /** Scripts run there from now on. */
  open(workshop: Workshop): void {
    this.workshop = workshop;
  }

  /** Nothing of a machine is left running. */
  close(): void {
    for (const script of this.running.keys()) script.kill();
    this.line.close();
  }

  leftovers(): readonly string[] {
    return [];
  }

  /**
   * The machine of an instance; it is there with the instance.
   *
   * @throws Error for an instance that there is not: a rehearsal that names it is wrong
   */
  of(id: string): MachineState {
    const before = this.state.machines.get(id);
    if (before) return before;
    const instance = this.ports.find(id);
    if (!instance) throw new Error(`there is no instance ${id}`);
    const made: MachineState = {
      files: new Map(),
      noRoomFor: new Set(),
      stopped: new Set(),
      cluster: emptyCluster(`ip-${id.slice(2)}`, sizeOf(instance.instanceType)),
    };
    this.state.machines.set(id, made);
    return made;
  }

  /**
   * Runs a script on a machine.
   *
   * @param env its variables, besides those that every script has
   * @param ended hears how it ended, once its files are kept
   * @throws Error where there is no place to run it
   */
  async run(
    instance: Instance,
    text: string,
    env: Readonly<Record<string, string>>,
    ended: (end: ScriptEnd) => void,
  ): Promise<MachineRun> {
    if (!this.workshop) throw new Error('scripts of machines have no folder to run in');
    const release = this.ports.clock.hold();
    try {
      const port = await this.line.open();
      return this.start(instance, text, { ...env, [PORT_VARIABLE]: String(port) }, this.workshop, ended);
    } finally {
      release();
    }
  }

  private start(
    instance: Instance,
    text: string,
    env: Readonly<Record<string, string>>,
    workshop: Workshop,
    ended: (end: ScriptEnd) => void,
  ): MachineRun {
    const { clock } = this.ports;
    const run = String((this.runs += 1));
    const folders = layOut(join(workshop.folder, run), join(workshop.folder, instance.id));
    // Runs at the same time share what the machine keeps.
    if (![...this.running.values()].includes(instance.id)) layFiles(folders.state, this.of(instance.id));
    const time = new TimeFile(folders.time, clock.now());
    clock.onMove((now) => time.write(now));
    const script = runScript(text, folders.root, {
      ...env,
      PATH: [workshop.programs, ...workshop.path].join(':'),
      HOME: folders.root,
      TMPDIR: folders.temp,
      LOCKSTEP_STATE_DIR: folders.state,
      LOCKSTEP_K3S_DIR: folders.k3s,
      [RUN_VARIABLE]: run,
      [TIME_VARIABLE]: folders.time,
    });
    this.running.set(script, instance.id);
    const scriptTime = new ScriptTime(clock, script.pid, workshop.programs);
    const watch = this.watch(script);
    const unregister = this.line.register(run, (call, gone) => {
      watch.refresh();
      return scriptTime.during(gone, (until) =>
        perform(
          call,
          {
            state: () => this.of(instance.id),
            moment: () => this.momentOf(instance.id, this.of(instance.id).cluster),
            s3: this.ports.s3(instance),
          },
          until,
        ),
      );
    });
    void script.ended.then((end) => {
      clearTimeout(watch);
      unregister();
      this.running.delete(script);
      time.close();
      this.of(instance.id).files = readFiles(folders.state);
      rmSync(folders.root, { recursive: true, force: true });
      ended(end);
      scriptTime.end();
    });
    return script;
  }

  /** A script that waits for something that is not rehearsed would keep time for ever. */
  private watch(script: RunningScript): NodeJS.Timeout {
    return setTimeout(() => {
      this.ports.clock.failures.push('a script of a machine did nothing for a minute, and was killed');
      script.kill();
    }, HANGS_MS);
  }

  private momentOf(id: string, state: MachineState['cluster']): Moment {
    const instance = this.ports.find(id);
    return {
      state,
      now: this.ports.clock.now(),
      pull: (image) =>
        instance ? this.ports.pull(instance, image) : { ok: false, reason: 'nobody knows the instance' },
    };
  }
}

/** What K3s keeps, so that a backup has something to take. */
const K3S_FILES = { 'server/token': 'a token', 'server/db/state.db': 'a database' };

function layOut(root: string, state: string) {
  const folders = { root, state, temp: join(root, 'tmp'), k3s: join(root, 'k3s'), time: join(root, 'now') };
  for (const folder of [folders.temp, join(folders.k3s, 'server', 'db')])
    mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(K3S_FILES)) writeFileSync(join(folders.k3s, path), content);
  return folders;
}
