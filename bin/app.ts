import { buildPlatform } from '../lib/build-platform';
import { withSecurityChecks } from '../lib/security-checks';
import { loadPlatform } from './load-platform';
import { reportFaults } from './report-faults';

// The CDK app: `npx cdk synth`, `npx cdk diff`, `npx cdk deploy <stack>`.
try {
  withSecurityChecks(buildPlatform(loadPlatform()).app).synth();
} catch (error) {
  reportFaults(error);
}
