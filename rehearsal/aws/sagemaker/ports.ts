import type { Place } from '../place';

/** Why something that the execution role fetches is not to be had. */
export type Obstacle = 'missing' | 'denied';

/** What an execution role gets at. Each answer is that of IAM and of the other service together. */
export interface ModelSources {
  /** @returns the digest where the registry tells it, or why the image cannot be pulled */
  image(image: string, executionRole: string): { readonly digest?: string } | Obstacle;
  /** @param url `s3://bucket/key` of an object in the region of the endpoint */
  artifact(url: string, executionRole: string, place: Place): 'there' | Obstacle;
  /** Whether the role may ask CloudWatch about an alarm. */
  mayReadAlarm(name: string, executionRole: string, place: Place): boolean;
}

/** The alarms that a deployment watches. */
export interface GuardrailAlarms {
  inAlarm(account: string, region: string, name: string): boolean;
  /** Over how many seconds the alarm looks; 0 where there is no such alarm. */
  lookback(account: string, region: string, name: string): number;
}

/** Where the containers of an endpoint log. */
export interface ContainerLogs {
  /** Makes group and stream where they are missing. Nothing is written where the role may not. */
  write(where: LogTarget, lines: readonly string[], executionRole: string): void;
}

export interface LogTarget extends Place {
  readonly group: string;
  readonly stream: string;
}

export interface SageMakerPorts {
  readonly sources: ModelSources;
  readonly alarms: GuardrailAlarms;
  readonly logs: ContainerLogs;
}

/** Surroundings in which everything works: each image and artifact is there, no alarm rings. */
export const CALM: SageMakerPorts = {
  sources: { image: () => ({}), artifact: () => 'there', mayReadAlarm: () => true },
  alarms: { inAlarm: () => false, lookback: () => 60 },
  logs: { write: () => undefined },
};
