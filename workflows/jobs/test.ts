import type { Quality } from '../../contract';
import type { PlannedJob } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { checkout } from '../steps/checkout';
import { runStep } from '../steps/run';
import { shellWord } from '../steps/shell';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { READ_CONTENTS } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 20;

/**
 * Unit tests, in a job without any way to AWS: packages of other people run here.
 */
export function testJob({ workload }: ResolvedWorkload, quality: Quality): PlannedJob {
  const { directory, requirements, version } = quality;
  return {
    id: 'test',
    name: `Test ${workload.id}`,
    needs: [],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS],
    concurrency: groups.perCommit(workload.id, 'test'),
    outputs: {},
    steps: [
      checkout(),
      usesStep({
        name: `Set up Python ${version}`,
        uses: 'actions/setup-python',
        with: {
          'python-version': version,
          cache: {
            value: 'pip',
            remark:
              'zizmor: ignore[cache-poisoning] -- this job publishes nothing, and pip checks each file from the cache by its hash',
          },
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
      runStep({ name: 'Run the unit tests', run: ['python -m pytest'], workingDirectory: directory }),
    ],
  };
}
