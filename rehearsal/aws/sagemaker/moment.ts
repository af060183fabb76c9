import type { SageMakerPorts } from './ports';
import type { SageMakerState } from './state';

/** The model at one moment: what it remembers, the time, and what is around it. */
export interface Moment {
  readonly state: SageMakerState;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly ports: SageMakerPorts;
}

export const secondsSince = ({ now }: Moment, then: number): number => (now - then) / 1_000;
