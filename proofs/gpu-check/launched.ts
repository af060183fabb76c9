import type { Artefacts } from '../artefacts';
import type { Launched } from '../flow/capacity/quotas';
import { launchedTypes, templateChecks } from './template';

/** Instances of each check while it runs. A run has tasks on one type only, and people choose which. */
export const launchedForChecks = (artefacts: Artefacts): readonly Launched[] =>
  templateChecks(artefacts).flatMap(({ entry, capacities }) => {
    const [first] = capacities;
    return first
      ? [
          {
            resource: first.provider,
            instanceTypes: capacities.flatMap(launchedTypes),
            purchased: { onDemand: entry.maxParallel, spot: 0 },
            purpose: `the GPU check of ${entry.workload}`,
          },
        ]
      : [];
  });
