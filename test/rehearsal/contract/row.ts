import type { Clients, Emulator } from './emulator';

/** One call that shows that the real SDK and an operation understand each other. */
export interface ContractRow {
  /** Such as `DescribeServices`. */
  readonly operation: string;
  /**
   * Rows run in order, on one emulator: an earlier one may prepare a later one. Of several calls, the last is
   * that of the operation.
   */
  readonly call: (clients: Clients, emulator: Emulator) => Promise<object>;
  /** What the answer must hold. */
  readonly answer: object;
  /**
   * Actions that IAM is asked about, each once. Empty for an operation that needs no permission.
   *
   * @default - the action that has the name of the operation
   */
  readonly asks?: readonly string[];
}
