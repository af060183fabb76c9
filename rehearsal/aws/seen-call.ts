/** A call that reached the emulated AWS, as IAM saw it. */
export interface SeenCall {
  /** Milliseconds since the epoch, of virtual time. */
  readonly at: number;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** ARN of the role; missing for calls that nobody signs. */
  readonly role?: string;
  readonly allowed: boolean;
  /** True for an operation that needs no permission: IAM is not asked about it. */
  readonly unasked?: true;
  /** True for a call of something inside AWS, such as an instance: no job has made it. */
  readonly inside?: true;
  /** Why IAM decided so, and the fault that was injected, if one was. */
  readonly because: readonly string[];
}
