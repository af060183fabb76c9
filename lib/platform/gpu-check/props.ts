import type { Duration } from 'aws-cdk-lib';
import type { GpuCheckWorkloadNames } from '../../names';

/**
 * Regular checks whether versions of CUDA, driver and PyTorch go together. Each combination that the reviewed tables
 * support is built as an image and run as a task on a GPU, on a cluster of its own.
 */
export interface GpuCheckProps<Env extends string> {
  /** Environment whose account runs the checks. It waits for nobody: a run by schedule would hang. */
  readonly environment: Env;
  /**
   * Folder with the Dockerfile, which takes the build arguments `CUDA` and `PYTORCH`; relative to the repository's root.
   *
   * @default - the folder `gpu-check` in the sources of the workload
   */
  readonly source?: string;
  /**
   * EC2 types of the g4dn family that people may choose. A run by schedule takes the first.
   *
   * @default ['g4dn.xlarge']
   */
  readonly instanceTypes?: readonly string[];
  /** Versions of the CUDA toolkit, such as `12.1.1`. @default - those that were reviewed */
  readonly cuda?: readonly string[];
  /** Versions of the NVIDIA driver, such as `535.54.03`. @default - those that were reviewed */
  readonly driver?: readonly string[];
  /** Versions of PyTorch, such as `2.4.0`. @default - those that were reviewed */
  readonly pytorch?: readonly string[];
  /** When it runs by itself, as cron in UTC. @default '17 4 * * 1' */
  readonly schedule?: string;
  /**
   * Longest that one combination may take from being asked for to its end, a new instance included.
   *
   * @default Duration.minutes(30)
   */
  readonly taskTimeout?: Duration;
  /** Physical names that differ from the rule `<platform>-<workload>-gpu-check`. @default - by the rule */
  readonly names?: Partial<GpuCheckWorkloadNames>;
}
