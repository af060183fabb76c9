import type { Fault } from '../../contract';
import type { TemplateRole } from '../artefacts';
import { glob, type NamedPolicy } from '../iam';
import { conditionKey, contextOf } from './issuer';
import { type JobRun, mint } from './mint';

/** Claims that depend on the person or the contract, and so cannot be told in advance. */
const PERSONAL = new Set(['actor', 'actor_id', 'enterprise_id'].map((claim) => conditionKey(claim)));

/**
 * Values that the trust of a role admits though no job that signs in to it has them: each is a door that
 * nobody uses but strangers. Nothing is said about a role that no job signs in to.
 *
 * @param runs the runs of the role's own jobs
 */
export function unusedValues(
  { place, name }: TemplateRole,
  policy: NamedPolicy<'trust'>,
  runs: readonly JobRun[],
): { readonly checked: number; readonly faults: readonly Fault[] } {
  if (runs.length === 0) return { checked: 0, faults: [] };
  const contexts = runs.map((run) => contextOf(mint(run)));
  const tested = policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ index, conditions }) =>
      conditions
        .filter(
          ({ key, operator }) => !PERSONAL.has(key.toLowerCase()) && /^String(Equals|Like)$/.test(operator),
        )
        .flatMap(({ key, operator, values }) => values.map((value) => ({ index, key, operator, value }))),
    );
  const faults = tested.flatMap(({ index, key, operator, value }): Fault[] => {
    const minted = [...new Set(contexts.flatMap((context) => context[key.toLowerCase()] ?? []))];
    const fits = operator === 'StringLike' ? glob(value) : (other: string): boolean => other === value;
    if (minted.some(fits)) return [];
    return [
      {
        place: `${place}, trust statement ${index}, Condition.${operator}.${key}`,
        value,
        allowed: `what jobs that sign in to ${name} have: ${minted.join(', ') || 'no such claim'}`,
        change: 'remove the value, or let the job that it is meant for sign in to this role',
      },
    ];
  });
  return { checked: tested.length, faults };
}
