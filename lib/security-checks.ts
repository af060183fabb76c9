import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

/**
 * Lets cdk-nag judge the templates whenever the app is synthesized. A finding stops the synthesis; an
 * exception stands beside the construct that needs it, with the control that makes up for it.
 */
export function withSecurityChecks(app: App): App {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
