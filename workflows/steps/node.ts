import type { NodeQuality } from '../../contract';
import type { RunStep, Step } from '../plan/model';
import { runStep } from './run';
import { shellWord } from './shell';
import { usesStep } from './uses';

/** What a job needs of Node.js. */
export interface NodeTools {
  /** Such as `22`. */
  readonly version: string;
  /** Folder with `package.json` and its lock file. @default - the root of the repository */
  readonly directory?: string;
}

/** What this repository itself runs on. */
export const REPOSITORY_NODE: NodeTools = { version: '20' };

/**
 * Node.js with the packages of the lock file, fetched anew and checked against its hashes.
 *
 * @see https://docs.npmjs.com/cli/commands/npm-ci
 */
export function nodeSteps({ version, directory }: NodeTools): readonly Step[] {
  return [
    usesStep({
      name: `Set up Node.js ${version}`,
      uses: 'actions/setup-node',
      with: { 'node-version': version, 'package-manager-cache': false },
    }),
    runStep({
      name: 'Install the packages',
      run: ['npm ci'],
      ...(directory !== undefined && { workingDirectory: directory }),
    }),
  ];
}

/** Runs each script of `package.json`, as a step of its own. */
export function nodeScripts({ directory, scripts }: NodeQuality): readonly RunStep[] {
  return scripts.map((name) =>
    runStep({
      name: `Run the script ${name}`,
      run: [`npm run ${shellWord(name)}`],
      workingDirectory: directory,
    }),
  );
}
