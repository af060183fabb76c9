import { loadPlatform } from '../../bin/load-platform';
import { buildPlatform } from '../../lib/build-platform';

// Measured process: `bin/app.ts` without cdk-nag.
buildPlatform(loadPlatform()).app.synth();
