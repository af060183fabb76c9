import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { plainApp } from '../plain-app';
import { settingsOf } from '../plain/settings';

// Measured process: the plain CDK app, judged by cdk-nag as Lockstep's own app is.
const app = plainApp(settingsOf(process.argv[2]));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
