import type { Quality } from '../../contract';
import type { PlannedJob, Step } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { checkout } from '../steps/checkout';
import { goSteps, goTests } from '../steps/go';
import { nodeScripts, nodeSteps } from '../steps/node';
import { pythonSteps } from '../steps/python';
import { runStep } from '../steps/run';
import { groups } from './groups';
import { READ_CONTENTS } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 20;
/** The delivery publishes an image, therefore the linter asks about its caches. */
const CACHE = {
  value: 'pip',
  remark:
    'zizmor: ignore[cache-poisoning] -- this job publishes nothing, and pip checks each file from the cache by its hash',
};

/**
 * Unit tests, in a job without any way to AWS: packages of other people run here.
 */
export function testJob({ workload }: ResolvedWorkload, quality: Quality): PlannedJob {
  return {
    id: 'test',
    name: `Test ${workload.id}`,
    needs: [],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS],
    concurrency: groups.perCommit(workload.id, 'test'),
    outputs: {},
    steps: [checkout(), ...toolsAndTests(quality)],
  };
}

function toolsAndTests(quality: Quality): readonly Step[] {
  switch (quality.language) {
    case 'python':
      return [
        ...pythonSteps(quality, CACHE),
        runStep({
          name: 'Run the unit tests',
          run: ['python -m pytest'],
          workingDirectory: quality.directory,
        }),
      ];
    case 'go':
      return [...goSteps(quality), ...goTests(quality)];
    case 'node':
      return [...nodeSteps(quality), ...nodeScripts(quality)];
  }
}
