import { plainApp } from '../plain-app';
import { settingsOf } from '../plain/settings';

// Measured process: synthesizes the plain CDK app. `plain.ts <sample | number of services>`.
plainApp(settingsOf(process.argv[2])).synth();
