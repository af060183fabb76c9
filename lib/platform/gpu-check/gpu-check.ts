import type { GpuCheckWorkloadNames } from '../../names';

/** A GPU check after validation: every default filled in, plain numbers in named units. */
export interface GpuCheck {
  readonly environment: string;
  /** Folder with the Dockerfile, relative to the repository's root. */
  readonly source: string;
  readonly instanceTypes: readonly string[];
  readonly cuda: readonly string[];
  readonly driver: readonly string[];
  readonly pytorch: readonly string[];
  readonly schedule: string;
  readonly taskTimeoutMinutes: number;
  readonly names: GpuCheckWorkloadNames;
}
