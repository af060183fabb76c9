import { messageOf } from '../../message-of';
import type { MachineRun, ScriptEnd } from '../../machine';
import { agentScript, pasted } from './document-parameters';
import { agentOf } from './instances';
import type { SsmPorts } from './ports';
import type { Agent, SsmState, StoredCommand, StoredDocument } from './state';

/** Seconds from the call to the agent, and from the agent to what it runs. */
const ON_ITS_WAY_SECONDS = 1;

/** Characters of the streams that an invocation shows. */
const OUT_CHARACTERS = 24_000;
const ERR_CHARACTERS = 8_000;

interface ErrandPorts extends SsmPorts {
  readonly state: () => SsmState;
}

/**
 * Takes commands to their instances and runs them there.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
export class Errand {
  private readonly runs = new Map<string, MachineRun>();

  constructor(private readonly ports: ErrandPorts) {}

  send({ id, instance }: StoredCommand, document: StoredDocument, deliverySeconds: number): void {
    const { clock, state, nodes } = this.ports;
    const place = { account: document.account, region: document.region };
    const managed = nodes?.at(place).find((each) => each.id === instance);
    if (!managed) throw new Error(`no instance ${instance}`);
    const agent = agentOf(state(), managed);
    if (agent.delivery === 'undeliverable') {
      clock.in(ON_ITS_WAY_SECONDS, () => this.end(id, { status: 'Failed', details: 'Undeliverable' }));
    } else if (agent.delivery === 'never' || agent.ping !== 'Online') {
      clock.in(deliverySeconds, () => this.end(id, { status: 'TimedOut', details: 'DeliveryTimedOut' }));
    } else {
      clock.in(ON_ITS_WAY_SECONDS, () => this.start(id, document, agent));
    }
  }

  /** What was not started yet never is; what runs is killed a moment later. */
  cancel({ id, status }: StoredCommand): void {
    if (status === 'Pending') this.end(id, { status: 'Cancelled', details: 'Cancelled' });
    const command = this.open(id);
    if (!command) return;
    command.status = 'Cancelling';
    command.details = 'Cancelling';
    this.ports.clock.in(ON_ITS_WAY_SECONDS, () => this.runs.get(id)?.kill());
  }

  private open(id: string): StoredCommand | undefined {
    return this.ports.state().commands.find((each) => each.id === id && each.endedAt === undefined);
  }

  private start(id: string, document: StoredDocument, agent: Agent): void {
    const { clock, nodes } = this.ports;
    const command = this.open(id);
    const instance = command && nodes?.find(command.instance);
    if (!command || !nodes || !instance) return;
    command.status = 'InProgress';
    command.details = 'InProgress';
    command.startedAt = clock.now();
    const { text, variables } = agentScript(document, command.parameters, agent.version);
    const seconds = Number(pasted(document.step.timeoutSeconds, command.parameters));
    let late = false;
    clock.in(seconds, () => {
      late = true;
      this.runs.get(id)?.kill();
    });
    nodes.machines
      .run(instance, text, variables, (end) => this.ended(id, end, late, agent))
      .then((run) => this.runs.set(id, run))
      .catch((error: unknown) => {
        clock.failures.push(`command ${id}: ${messageOf(error)}`);
        this.end(id, { status: 'Failed', details: 'Failed' });
      });
  }

  private ended(id: string, { exitCode, out, err }: ScriptEnd, late: boolean, agent: Agent): void {
    this.runs.delete(id);
    const command = this.open(id);
    if (!command) return;
    const most = agent.outputCharacters ?? OUT_CHARACTERS;
    command.out = out.slice(0, most);
    command.err = err.slice(0, Math.min(most, ERR_CHARACTERS));
    command.responseCode = exitCode;
    if (command.status === 'Cancelling') this.end(id, { status: 'Cancelled', details: 'Cancelled' });
    else if (late) this.end(id, { status: 'TimedOut', details: 'ExecutionTimedOut' });
    else if (exitCode === 0) this.end(id, { status: 'Success', details: 'Success' });
    else this.end(id, { status: 'Failed', details: 'Failed' });
  }

  private end(id: string, { status, details }: Pick<StoredCommand, 'status' | 'details'>): void {
    const command = this.open(id);
    if (!command) return;
    command.status = status;
    command.details = details;
    command.endedAt = this.ports.clock.now();
  }
}
