import type { ProgramBehaviour } from '../programs';
import type { ActionDefinition } from './definition';
import { setUp } from './setup-program';

/** @see https://github.com/actions/setup-node#usage */
export function setupNode(behaviour: ProgramBehaviour): ActionDefinition {
  return {
    action: 'actions/setup-node',
    limits:
      'Installs no Node.js: jobs run the one that runs the rehearsal, whatever version is asked for. ' +
      'npm and npx only say what would have run, and lay what `cdk synth` writes.',
    seconds: 5,
    defaults: { 'check-latest': 'false', 'package-manager-cache': 'true' },
    supports: [
      ...['node-version', 'node-version-file', 'cache', 'cache-dependency-path', 'token'],
      ...['package-manager-cache', 'check-latest'],
    ],
    act: (step, inputs) => {
      const { version } = setUp(step, inputs, NODE, behaviour);
      step.output('node-version', version);
      if (inputs.text('cache') !== '') step.output('cache-hit', 'false');
    },
  };
}

const NODE = {
  name: 'node',
  programs: ['npm', 'npx'],
  lockFiles: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock'],
};
