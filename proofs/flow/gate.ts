import type { Fault } from '../../contract';
import type { Job, Step } from '../artefacts';

/** Something that must have succeeded before a deployment starts, as the manifest says. */
export interface Gate {
  /** Such as `the tests of kvs-infer`. */
  readonly name: string;
  /** Steps of a job that claim to be it. */
  readonly steps: (job: Job) => readonly Step[];
  /** What makes such a step green whatever it finds. */
  readonly faults: (job: Job, step: Step) => readonly Fault[];
}
