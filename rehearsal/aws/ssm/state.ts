/** Everything that the model of Systems Manager remembers. Times are milliseconds since the epoch. */
export interface SsmState {
  lastId: number;
  /** By ARN. */
  readonly parameters: Map<string, StoredParameter>;
  /** By ARN. */
  readonly documents: Map<string, StoredDocument>;
  /** Oldest first. */
  readonly commands: StoredCommand[];
  /** Agents that are not as usual, by the id of their instance. */
  readonly agents: Map<string, Agent>;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export type ParameterType = 'String' | 'StringList' | 'SecureString';

export interface StoredParameter {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly type: ParameterType;
  /** Regular expression that a value has to match. */
  readonly allowedPattern?: string;
  readonly description?: string;
  /** Oldest first; never empty. */
  readonly versions: readonly ParameterVersion[];
}

/** One value that a parameter had. */
export interface ParameterVersion {
  readonly version: number;
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** ARN of the session that wrote it; missing where CloudFormation or a fault did. */
  readonly by?: string;
}

/** A document that runs one script. */
export interface StoredDocument {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly step: {
    readonly name: string;
    readonly script: string;
    /** Seconds, or the parameter that tells them in double braces. */
    readonly timeoutSeconds: string;
  };
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html */
export interface DocumentParameter {
  readonly default?: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly minChars?: number;
  readonly maxChars?: number;
  /** True where the script gets it as a variable. */
  readonly isVariable: boolean;
}

/** A command on its way to one instance. */
export interface StoredCommand {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly document: string;
  readonly instance: string;
  readonly comment: string;
  readonly requestedAt: number;
  readonly parameters: Readonly<Record<string, string>>;
  status: CommandStatus;
  details: string;
  startedAt?: number;
  endedAt?: number;
  /** -1 while there is none. */
  responseCode: number;
  out: string;
  err: string;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
export type CommandStatus =
  'Pending' | 'InProgress' | 'Cancelling' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';

export interface Agent {
  readonly ping: 'Online' | 'ConnectionLost' | 'Inactive';
  readonly version: string;
  /** What becomes of commands on their way to it. */
  readonly delivery: 'delivered' | 'undeliverable' | 'never';
  /** Characters of a script's output that arrive. @default 24000 */
  readonly outputCharacters?: number;
}
