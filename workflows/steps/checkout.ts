import type { InputValue, UsesStep } from '../plan/model';
import { COMMAND_FOLDER } from './command';
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

/**
 * Only the pipeline command and the manifest, and the files that its verbs read.
 *
 * @param files relative to the root of the repository
 */
export function checkoutCommand(files: readonly string[] = []): UsesStep {
  return usesStep({
    name: 'Check out the pipeline command',
    uses: 'actions/checkout',
    with: { 'persist-credentials': false, ...sparse(files) },
  });
}

/**
 * Cone mode knows folders only, so that single files are named by patterns, which begin at the root.
 *
 * @see https://git-scm.com/docs/git-sparse-checkout#_internalsnon_cone_problems
 */
function sparse(files: readonly string[]): Record<string, InputValue> {
  if (files.length === 0) return { 'sparse-checkout': COMMAND_FOLDER };
  const patterns = [`/${COMMAND_FOLDER}/`, ...files.map((file) => `/${file}`)];
  return {
    'sparse-checkout': `${patterns.join('\n')}\n`,
    'sparse-checkout-cone-mode': { value: false, remark: 'the patterns name single files too' },
  };
}
