import { READ_CONTENTS, readRuns } from '../jobs/permissions';
import { RUNNER } from '../jobs/runner';
import { checkoutCommand } from '../steps/checkout';
import { commandStep } from '../steps/command';
import type { PipelinePlan } from './model';

const TIMEOUT_MINUTES = 15;
/** Monday morning, and not at the full hour, when GitHub is busiest and late. */
const SCHEDULE = '23 5 * * 1';

/** The figures of all deliveries, once for the repository. It never reaches AWS. */
export function planDeliveryMetrics(): PipelinePlan {
  return {
    file: '.github/workflows/delivery-metrics.yml',
    name: 'delivery metrics',
    comment: [
      'Says for each workload and environment how often it was deployed, how often that worked, and how long it took.',
      'It runs every week, and people may start it. It reads the runs of this repository at GitHub, and never reaches AWS.',
    ],
    triggers: {
      schedule: SCHEDULE,
      dispatch: {
        inputs: {
          days: { type: 'string', description: 'Days to look back; leave it empty for a week' },
        },
      },
    },
    jobs: [
      {
        id: 'metrics',
        name: 'Measure the deliveries',
        needs: [],
        runsOn: RUNNER,
        timeoutMinutes: TIMEOUT_MINUTES,
        permissions: [READ_CONTENTS, readRuns('reads runs and their jobs')],
        concurrency: { group: 'delivery-metrics-${{ github.run_id }}', cancelInProgress: false },
        outputs: {},
        steps: [
          checkoutCommand(),
          commandStep({
            name: 'Write the figures into the summary',
            env: { GITHUB_TOKEN: '${{ github.token }}', DAYS: '${{ inputs.days }}' },
            command: { verb: 'metrics', options: [{ flag: '--days', variable: 'DAYS', optional: true }] },
            calls: [],
          }),
        ],
      },
    ],
  };
}
