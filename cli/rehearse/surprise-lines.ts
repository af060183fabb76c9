import type { Surprise } from '../../rehearsal/scenarios/scenario';
import type { Paint } from '../local-command';
import { fact } from './marks';

/** What is not as expected, where, and what would be. */
export const surpriseLines = (surprises: readonly Surprise[], paint: Paint): readonly string[] =>
  surprises.flatMap(({ place, value, allowed }) => [
    `  ${paint.bold(fact(place))}`,
    `    got      ${paint.red(fact(value))}`,
    `    allowed  ${fact(allowed)}`,
  ]);
