export { type Instance, type MachineRun, Machines, type Workshop } from './machines';
export type { ScriptEnd } from './run-script';
export type { MachineState } from './state';
export { writeMachinePrograms } from './write-programs';
