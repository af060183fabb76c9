import type { z } from 'zod';
import type { CanaryRule, K3sStrategy } from '../../../constructs/k3s-node';
import { FRACTIONS } from '../workload-fields';
import type { updateSchema } from './schema';

/** Of fewer requests, a single error would be more than the margin. */
const RULE: CanaryRule = {
  minimumRequests: 100,
  errorRateMargin: 1,
  latencyRatio: 1.5,
  latencyQuantile: 0.95,
};

/** Fills in the defaults of an update. */
export function resolveStrategy(update: z.infer<typeof updateSchema> | undefined): K3sStrategy {
  switch (update?.strategy) {
    case undefined:
    case 'rolling':
      return { kind: 'rolling' };
    case 'blueGreen':
      return { kind: 'blueGreen', bakeSeconds: update.bake?.toSeconds(FRACTIONS) ?? 300 };
    case 'canary':
      return {
        kind: 'canary',
        steps: update.steps ?? [10, 50],
        stepSeconds: update.step?.toSeconds(FRACTIONS) ?? 300,
        rule: { ...RULE, ...update.rule },
      };
  }
}
