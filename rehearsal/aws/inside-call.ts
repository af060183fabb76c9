import type { Caller, Input } from './service';

/** A call of something inside AWS, which signs with the session of its role and needs no way over the network. */
export interface Inside {
  /** @default - it has no credentials */
  readonly caller: Caller | undefined;
  readonly region: string;
  /** Signing name. */
  readonly service: string;
  readonly operation: string;
  readonly input: Input;
}

/** @throws ApiFault as the service answers to what it refuses, also where IAM does */
export type InsideCall = (call: Inside) => object;
