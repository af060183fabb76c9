/** Everything that the model of Parameter Store remembers. */
export interface SsmState {
  /** By ARN. */
  readonly parameters: Map<string, StoredParameter>;
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
