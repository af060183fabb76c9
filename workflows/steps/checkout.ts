import type { UsesStep } from '../plan/model';
import { usesStep } from './uses';

/** The files of the commit. The token is not left behind for later steps. */
export function checkout(): UsesStep {
  return usesStep({
    name: 'Check out the repository',
    uses: 'actions/checkout',
    with: { 'persist-credentials': false },
  });
}

/** The files with every commit and tag before them. */
export function checkoutWithHistory(): UsesStep {
  return usesStep({
    name: 'Check out the repository with its history',
    uses: 'actions/checkout',
    with: { 'fetch-depth': 0, 'persist-credentials': false },
  });
}

/** Only the pipeline command and the manifest: a rollback needs nothing else. */
export function checkoutCommand(): UsesStep {
  return usesStep({
    name: 'Check out the pipeline command',
    uses: 'actions/checkout',
    with: { 'persist-credentials': false, 'sparse-checkout': '.lockstep' },
  });
}
