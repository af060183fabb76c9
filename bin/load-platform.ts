import { createRequire } from 'node:module';
import { LockstepError } from '../contract';
import type { Platform } from '../lib/platform';

/**
 * Loads the platform file. Its faults are printed without a stack trace, nothing is written, and the
 * process ends with the exit code of the error.
 */
export function loadPlatform(): Platform {
  try {
    const { default: platform } = createRequire(__filename)('../platform.config') as { default: Platform };
    return platform;
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    console.error(
      `${error.message}\n\nNothing was written. Mend platform.config.ts and run the command again.`,
    );
    process.exit(error.exitCode);
  }
}
