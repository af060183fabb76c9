import type { DeployManifest } from '../../contract';
import { READ_CONTENTS } from '../jobs/permissions';
import { RUNNER } from '../jobs/runner';
import { checkout } from '../steps/checkout';
import { nodeSteps, REPOSITORY_NODE } from '../steps/node';
import { runStep } from '../steps/run';
import type { PipelinePlan } from './model';

const TIMEOUT_MINUTES = 30;

/** The check of this repository itself: everything that is generated is generated anew and compared. */
export function planRepositoryCi({ repository }: DeployManifest): PipelinePlan {
  return {
    file: '.github/workflows/ci.yml',
    name: 'ci',
    comment: [
      'Generates workflows and templates anew, rehearses and tests them, and fails when what is committed differs.',
      'It runs on pull requests and never reaches AWS.',
    ],
    triggers: {
      push: { branches: [repository.defaultBranch] },
      pullRequest: { branches: [repository.defaultBranch] },
    },
    jobs: [
      {
        id: 'verify',
        name: 'Verify the repository',
        needs: [],
        runsOn: RUNNER,
        timeoutMinutes: TIMEOUT_MINUTES,
        permissions: [READ_CONTENTS],
        // A newer commit of a pull request makes the check of the older one pointless.
        concurrency: {
          group: 'ci-${{ github.ref }}',
          cancelInProgress: "${{ github.event_name == 'pull_request' }}",
        },
        outputs: {},
        steps: [
          checkout(),
          ...nodeSteps(REPOSITORY_NODE),
          runStep({ name: 'Generate workflows and templates', run: ['npm start'] }),
          runStep({ name: 'Rehearse every workflow', run: ['npx lockstep rehearse'] }),
          runStep({ name: 'Run the tests', run: ['npm test'] }),
          runStep({
            name: 'Fail when generated files are not committed',
            run: ['git add --intent-to-add --all', 'git diff --exit-code'],
          }),
        ],
      },
    ],
  };
}
