export { isolation } from './isolation';
export {
  type ProgramBehaviour,
  type ProgramFault,
  type ProgramProduct,
  writeProgramStandIns,
} from './program-stand-in';
export { findProgram, programsFor, type Programs } from './real-programs';
export { synthesized } from './synthesized';
