import type { PlannedJob } from '../plan/model';
import type { ResolvedWorkload } from '../plan/lookup';
import { checkout } from '../steps/checkout';
import { nodeSteps, REPOSITORY_NODE } from '../steps/node';
import { runStep } from '../steps/run';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { READ_CONTENTS } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 20;
/** Id of the job. */
export const INFRASTRUCTURE = 'infrastructure';
/** Name of the artifact with the synthesized templates. */
export const TEMPLATES = 'templates';
/** A pull request reaches no account. */
export const ON_PUSH = "github.event_name == 'push'";

/**
 * Synthesizes the templates and proves that they and the workflows fit together. It needs no account,
 * and has none: packages of other people run here.
 */
export function infrastructureJob({ workload, stages }: ResolvedWorkload): PlannedJob {
  const keep = usesStep({
    name: 'Keep the templates',
    condition: ON_PUSH,
    uses: 'actions/upload-artifact',
    with: { name: TEMPLATES, path: 'cdk.out/*.template.json', 'if-no-files-found': 'error' },
  });
  return {
    id: INFRASTRUCTURE,
    name: `Check the infrastructure of ${workload.id}`,
    needs: [],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS],
    concurrency: groups.check(workload.id, INFRASTRUCTURE),
    outputs: {},
    steps: [
      checkout(),
      ...nodeSteps(REPOSITORY_NODE),
      runStep({ name: 'Synthesize the templates', run: ['npx cdk synth --quiet'] }),
      runStep({ name: 'Prove that infrastructure and workflows fit', run: ['npx lockstep prove'] }),
      ...(stages.some(({ inspection }) => inspection) ? [keep] : []),
    ],
  };
}
