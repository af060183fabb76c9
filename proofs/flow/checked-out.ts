import type { Fault } from '../../contract';
import type { Step } from '../artefacts';

const CHECKOUT = 'actions/checkout';

/** Inputs by which other files come than those of the commit that the run is about, and their harmless values. */
const ELSEWHERE: Readonly<Record<string, RegExp>> = {
  repository: /^\$\{\{\s*github\.repository\s*\}\}$/,
  ref: /^(?:\$\{\{\s*github\.sha\s*\}\})?$/,
  'github-server-url': /^(?:\$\{\{\s*github\.server_url\s*\}\})?$/,
  submodules: /^false$/,
  'allow-unsafe-pr-checkout': /^false$/,
};

/**
 * A checkout takes the commit of the run from its own repository: that commit was reviewed, and the role trusts
 * the branch or tag that it stands on.
 *
 * @see https://github.com/actions/checkout#usage
 */
export function checkoutFaults(place: string, step: Step): readonly Fault[] {
  if (step.uses?.action.toLowerCase() !== CHECKOUT) return [];
  return Object.entries(ELSEWHERE)
    .map(([input, harmless]) => ({ input, harmless, value: step.with[input] }))
    .filter(({ harmless, value }) => value !== undefined && !harmless.test(value))
    .map(({ input, value }) => ({
      place,
      value: `${input}: ${value ?? ''}`,
      allowed: 'the commit of the run, from this repository',
      change: `remove ${input}: what it fetches was not reviewed with this run`,
    }));
}
