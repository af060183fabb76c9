import { buildPlatform } from '../lib/build-platform';
import { withSecurityChecks } from '../lib/security-checks';
import { loadPlatform } from './load-platform';

// The CDK app: `npx cdk synth`, `npx cdk diff`, `npx cdk deploy <stack>`.
withSecurityChecks(buildPlatform(loadPlatform()).app).synth();
