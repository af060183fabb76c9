import type { Caller } from '../service';

/** Credentials that were given out, and whom they stand for. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly caller: Caller;
  /** `AROA…:<session>`. */
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** ARN of the identity provider behind it. Missing for a session that a test gave itself. */
  readonly provider?: string;
}

/** Everything that the model of STS remembers. */
export interface StsState {
  lastId: number;
  /** By access key. */
  readonly sessions: Map<string, Session>;
}

export const emptyState = (): StsState => ({ lastId: 0, sessions: new Map() });

/** What a session is made for. */
export type SessionWish = Pick<Session, 'caller' | 'userId' | 'expiresAt' | 'provider'>;

/** Gives out credentials. They are numbered, and so long that nobody takes them for real ones. */
export function issue(state: StsState, wish: SessionWish): Session {
  const number = String(++state.lastId);
  const accessKeyId = `ASIA${number.padStart(16, '0')}`;
  const session: Session = {
    ...wish,
    accessKeyId,
    secretAccessKey: `rehearsed-secret-${number.padStart(23, '0')}`,
    sessionToken: `rehearsed-session-token-${number.padStart(40, '0')}`,
  };
  state.sessions.set(accessKeyId, session);
  return session;
}
