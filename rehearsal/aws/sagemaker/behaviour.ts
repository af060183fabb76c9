/**
 * How the containers of a fleet start. Lines are what they log meanwhile; times are seconds.
 *
 * - `serves`: its health check passes
 * - `cannotStart`: it ends at once, such as an image without an entry point for `serve`
 * - `unhealthy`: it runs, and `/ping` never answers with 200
 */
export type ContainerBehaviour =
  | { readonly kind: 'serves'; readonly startsAfter?: number }
  | { readonly kind: 'cannotStart' }
  | { readonly kind: 'unhealthy'; readonly lines?: readonly string[] };

/** What a rule asks about. What it leaves out, it does not ask about. */
export interface Matcher {
  readonly account?: string;
  /** Name of the endpoint. */
  readonly endpoint?: string;
  /** Image of the container, whole; or any image but some. */
  readonly image?: string | { readonly except: readonly string[] };
  /** Name of the endpoint configuration, whole; or any but some. */
  readonly config?: string | { readonly except: readonly string[] };
}

export interface ContainerRule extends Matcher {
  readonly behaviour: ContainerBehaviour;
}

/** What a rule looks at. */
export interface Subject {
  readonly account: string;
  readonly endpoint: string;
  readonly image: string;
  readonly config: string;
}

/** The first rule that matches decides; without one the container serves. */
export const containerBehaviour = (rules: readonly ContainerRule[], subject: Subject): ContainerBehaviour =>
  rules.find((rule) => matches(rule, subject))?.behaviour ?? { kind: 'serves' };

export function matches({ account, endpoint, image, config }: Matcher, subject: Subject): boolean {
  if (account !== undefined && account !== subject.account) return false;
  if (endpoint !== undefined && endpoint !== subject.endpoint) return false;
  return isMeant(image, subject.image) && isMeant(config, subject.config);
}

function isMeant(wanted: Matcher['image'], value: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === value : !wanted.except.includes(value);
}
