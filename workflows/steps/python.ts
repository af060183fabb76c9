import type { PythonQuality } from '../../contract';
import type { InputValue, Step } from '../plan/model';
import { runStep } from './run';
import { shellWord } from './shell';
import { usesStep } from './uses';

/**
 * Python as the workload wants it, with the packages whose hashes it has committed.
 *
 * @param cache what setup-python keeps between runs
 */
export function pythonSteps(
  { version, requirements }: PythonQuality,
  cache: InputValue = 'pip',
): readonly Step[] {
  return [
    usesStep({
      name: `Set up Python ${version}`,
      uses: 'actions/setup-python',
      with: {
        'python-version': version,
        cache,
        'cache-dependency-path':
          requirements.length > 1 ? `${requirements.join('\n')}\n` : requirements.join(''),
      },
    }),
    runStep({
      name: 'Install the requirements',
      run: [
        `python -m pip install --require-hashes ${requirements
          .map((file) => `--requirement ${shellWord(file)}`)
          .join(' ')}`,
      ],
    }),
  ];
}
