import { LockstepError } from '../contract';

/** Prints the faults of a run that ends here, without a stack trace, and ends the process with their exit code. */
export function reportFaults(error: unknown): never {
  if (!LockstepError.is(error)) throw error;
  console.error(
    `${error.message}\n\nNothing was written. Mend platform.config.ts and run the command again.`,
  );
  process.exit(error.exitCode);
}
