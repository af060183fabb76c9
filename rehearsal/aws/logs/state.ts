/** Everything that the model of CloudWatch Logs remembers. Times are milliseconds since the epoch. */
export interface LogsState {
  /** By ARN, without `:*`. */
  readonly groups: Map<string, LogGroup>;
}

export interface LogGroup {
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  /** Missing: for ever. */
  readonly retentionInDays?: number;
  /** By name. */
  readonly streams: Map<string, LogStream>;
}

export interface LogStream {
  readonly createdAt: number;
  /** In the order of their time. */
  readonly events: LogEvent[];
}

export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
  readonly ingestionTime: number;
}
