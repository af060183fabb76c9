import { runProcess } from './process';

// Entry of the command that workflows run, .lockstep/cli.mjs.
runProcess();
