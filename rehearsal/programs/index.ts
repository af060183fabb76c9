export { isolation } from './isolation';
export { type ProgramFault, writeProgramStandIns } from './program-stand-in';
export { findProgram, programsFor, type Programs } from './real-programs';
