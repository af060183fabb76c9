import type { VirtualClock } from '../../clock/virtual-clock';
import type { Circumstances, IamService, Ruling } from '../iam';
import type { Caller, Protocol, Question } from '../service';
import type { Disturbance } from '../weather';
import { commonFault } from './common-faults';
import type { Forecast } from './forecast';
import type { CallRecord } from './record';

/** The connection is to be closed without an answer. */
export class HangUp extends Error {}

/** Whom the gate asks, and where it writes down what it saw. */
export interface GatePorts {
  readonly clock: VirtualClock;
  readonly iam: IamService;
  readonly forecast: Forecast;
  readonly record: CallRecord;
}

/** A call at the gate. */
export interface Arrival extends Pick<Circumstances, 'region' | 'provider'> {
  readonly caller: Caller;
  readonly questions: readonly Question[];
  readonly protocol: Protocol;
  /** True for a call that does not come over the network. @default false */
  readonly isInside?: boolean;
}

/** Puts the questions of a call to IAM, lets the weather interfere, and notes both. */
export class Gate {
  constructor(private readonly ports: GatePorts) {}

  /**
   * @returns what happens to the call although it was let through
   * @throws ApiFault where it was not
   * @throws HangUp where its connection is closed before it took effect
   */
  pass({ caller, questions, protocol, region, provider, isInside = false }: Arrival): 'reset' | undefined {
    const now = this.ports.clock.now();
    const circumstances = { region, now, ...(provider !== undefined && { provider }) };
    const rulings = questions.map((question) => this.ports.iam.decide(caller, question, circumstances));
    const actions = questions.map(({ action }) => action);
    const disturbance = isInside ? undefined : this.ports.forecast.next(actions, caller.role);
    questions.forEach((question, index) => {
      const { allowed = false, because = [] } = rulings[index] ?? {};
      this.ports.record.note({
        at: now,
        caller,
        question,
        allowed: allowed && disturbance !== 'denied',
        because: disturbance === undefined ? because : [...because, `disturbed: ${disturbance}`],
        ...(isInside && { inside: true }),
      });
    });
    return outcome(disturbance, rulings, { caller, questions, protocol });
  }

  /** A call that IAM is not asked about. What becomes of it is noted once its own rules have decided. */
  passUnasked(protocol: Protocol, question: Question, role: string | undefined): 'reset' | undefined {
    const disturbance = this.ports.forecast.next([question.action], role);
    if (disturbance === undefined || disturbance === 'reset') return disturbance;
    this.ports.record.note({
      at: this.ports.clock.now(),
      question,
      allowed: disturbance !== 'denied',
      because: [`disturbed: ${disturbance}`],
      unasked: true,
    });
    if (disturbance !== 'denied') return disturb(disturbance, protocol);
    throw commonFault(protocol, 'denied', `Not authorized to perform ${question.action}`);
  }
}

function outcome(
  disturbance: Disturbance | undefined,
  rulings: readonly Ruling[],
  { caller, questions, protocol }: Pick<Arrival, 'caller' | 'questions' | 'protocol'>,
): 'reset' | undefined {
  const after = disturb(disturbance, protocol);
  const [first] = questions;
  if (disturbance === 'denied' && first) {
    const what = `User: ${caller.arn} is not authorized to perform: ${first.action} on resource: ${first.resource}`;
    const why = 'with an explicit deny in a service control policy';
    throw commonFault(protocol, 'denied', `${what} ${why}`);
  }
  const denied = rulings.find(({ allowed }) => !allowed);
  if (denied) throw commonFault(protocol, 'denied', denied.denial);
  return after;
}

function disturb(disturbance: Disturbance | undefined, protocol: Protocol): 'reset' | undefined {
  if (disturbance === 'refused') throw new HangUp();
  if (disturbance === 'reset') return 'reset';
  if (disturbance === undefined || disturbance === 'denied') return undefined;
  throw commonFault(protocol, disturbance);
}
