import { join } from 'node:path';
import type { ProgramBehaviour } from '../programs';
import type { ActionDefinition } from './definition';
import { setUp } from './setup-program';

/** @see https://github.com/actions/setup-python#basic-usage */
export function setupPython(behaviour: ProgramBehaviour): ActionDefinition {
  return {
    action: 'actions/setup-python',
    limits:
      'Installs no Python: python and pip only say what would have run. Wildcards in cache paths match nothing.',
    seconds: 5,
    defaults: {
      'check-latest': 'false',
      'update-environment': 'true',
      'allow-prereleases': 'false',
      freethreaded: 'false',
    },
    supports: [
      'python-version',
      'python-version-file',
      'cache',
      'cache-dependency-path',
      'token',
      'pip-version',
    ],
    act: (step, inputs) => {
      const python = { name: 'python', programs: ['python', 'python3', 'pip', 'pip3'], lockFiles: PIP_FILES };
      const { version, folder } = setUp(step, inputs, python, behaviour);
      step.output('python-version', version);
      step.output('python-path', join(folder, 'python'));
      if (inputs.text('cache') !== '') step.output('cache-hit', 'false');
    },
  };
}

const PIP_FILES = ['requirements.txt', 'pyproject.toml'];
