import type { Step } from '../plan/model';
import { runStep } from './run';
import { usesStep } from './uses';

const NODE_VERSION = '20';

/** Node.js with the packages of the lock file. */
export function nodeSteps(): readonly Step[] {
  return [
    usesStep({
      name: `Set up Node.js ${NODE_VERSION}`,
      uses: 'actions/setup-node',
      with: { 'node-version': NODE_VERSION, 'package-manager-cache': false },
    }),
    runStep({ name: 'Install the packages', run: ['npm ci'] }),
  ];
}
