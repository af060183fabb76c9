import type { ResolvedGpuCheck } from '../plan/gpu-checks';
import type { PlannedJob } from '../plan/model';
import { checkoutCommand } from '../steps/checkout';
import { commandStep } from '../steps/command';
import { usesStep } from '../steps/uses';
import { CHECK, RESULT } from './gpu-check';
import { groups } from './groups';
import { READ_CONTENTS } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 10;
/** Id of the job. */
const REPORT = 'report';
/** Beside the repository. */
const RESULTS = `\${{ runner.temp }}/${RESULT.prefix}`;
/** Folder of the report. */
const FOLDER = 'gpu-compatibility';

/** Puts the results of all combinations together, and keeps the report. The job never reaches AWS. */
export function gpuReportJob({ check: { workload } }: ResolvedGpuCheck): PlannedJob {
  return {
    id: REPORT,
    name: `Report on the GPU stacks of ${workload}`,
    needs: [CHECK],
    condition: `always() && needs.${CHECK}.result != 'skipped'`,
    reason: ['Combinations that failed or were cancelled stand in the report; GitHub would skip it then.'],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS],
    concurrency: groups.perRun(workload, `gpu-${REPORT}`),
    outputs: {},
    steps: [
      checkoutCommand(),
      usesStep({
        name: 'Fetch the results',
        reason: 'Beside the repository, so that nothing in an artifact can take the place of the command.',
        uses: 'actions/download-artifact',
        with: { pattern: `${RESULT.prefix}-*`, path: RESULTS },
      }),
      commandStep({
        name: 'Write the report',
        env: { RESULTS },
        command: {
          verb: 'gpu-check report',
          subject: workload,
          options: [
            { flag: '--results', variable: 'RESULTS' },
            { flag: '--output', value: FOLDER },
          ],
        },
        calls: [],
      }),
      usesStep({
        name: 'Keep the report',
        uses: 'actions/upload-artifact',
        with: { name: `${FOLDER}-report`, path: FOLDER, 'if-no-files-found': 'error' },
      }),
    ],
  };
}
