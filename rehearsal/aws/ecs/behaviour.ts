import type { TaskState } from './state';

/**
 * How a task behaves once it has a place. Times are seconds.
 *
 * `exits` and `outOfMemory` count their time from the moment the task runs, `readyAfter` too: until then the
 * health checks fail.
 */
export type Behaviour =
  | Healthy
  | { readonly kind: 'unhealthy'; readonly check?: 'container' | 'loadBalancer' }
  | Exit
  | (Omit<Exit, 'kind' | 'code'> & { readonly kind: 'outOfMemory' })
  | { readonly kind: 'cannotPull'; readonly reason?: string }
  /** Does what the program of its image does. */
  | { readonly kind: 'program' }
  /** Pulls for ever: never runs, never fails. */
  | { readonly kind: 'pullsForEver' };

/** Passes its checks. What clients get is another matter, where the checks do not look at it. */
interface Healthy {
  readonly kind: 'healthy';
  readonly startsAfter?: number;
  readonly readyAfter?: number;
  /** To requests of clients. @default status 200, at once */
  readonly answers?: {
    readonly status?: number;
    readonly seconds?: number;
    /** Requests after which it answers as a good one does. @default - never */
    readonly warmAfter?: number;
  };
}

interface Exit {
  readonly kind: 'exits';
  readonly code: number;
  /** @default 2 */
  readonly after?: number;
  /** What the container logs before. */
  readonly lines?: readonly string[];
}

/** Which tasks behave how. What a rule leaves out, it does not ask about. */
export interface BehaviourRule {
  readonly account?: string;
  /** Name of the service. */
  readonly service?: string;
  /** Of the task definition. */
  readonly family?: string;
  /** Image of the first container, whole; or any image but some. */
  readonly image?: string | { readonly except: readonly string[] };
  readonly behaviour: Behaviour;
}

/** What a rule looks at. */
export type Subject = Pick<TaskState, 'account' | 'image'> & {
  readonly service?: string;
  readonly family?: string;
};

const HEALTHY: Behaviour = { kind: 'healthy' };
/** A task that belongs to no service has work to do and then ends. */
const PROGRAM: Behaviour = { kind: 'program' };

/** The first rule that matches decides; without one a task of a service is healthy. */
export function behaviourOf(rules: readonly BehaviourRule[], subject: Subject): Behaviour {
  const rule = rules.find((each) => matches(each, subject));
  return rule?.behaviour ?? (subject.service === undefined ? PROGRAM : HEALTHY);
}

function matches({ account, service, family, image }: BehaviourRule, subject: Subject): boolean {
  if (account !== undefined && account !== subject.account) return false;
  if (service !== undefined && service !== subject.service) return false;
  if (family !== undefined && family !== subject.family) return false;
  if (image === undefined) return true;
  return typeof image === 'string' ? image === subject.image : !image.except.includes(subject.image);
}
