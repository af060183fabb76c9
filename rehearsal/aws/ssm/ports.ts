import type { VirtualClock } from '../../clock/virtual-clock';
import type { Instance, Machines } from '../../machine';
import type { InstancesAt } from './instances';

export interface SsmPorts {
  readonly clock: VirtualClock;
  /** Where commands go to. @default - there is no instance */
  readonly nodes?: {
    readonly at: InstancesAt;
    readonly find: (id: string) => Instance | undefined;
    readonly machines: Machines;
  };
}
