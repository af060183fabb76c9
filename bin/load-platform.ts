import { createRequire } from 'node:module';
import type { Platform } from '../lib/platform';
import { reportFaults } from './report-faults';

/** Loads the platform file; its faults end the process. */
export function loadPlatform(): Platform {
  try {
    const { default: platform } = createRequire(__filename)('../platform.config') as { default: Platform };
    return platform;
  } catch (error) {
    return reportFaults(error);
  }
}
