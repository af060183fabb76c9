import { type Fault, MANIFEST_PATH, type TargetEntry } from '../../contract';
import type { Artefacts, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { Deliveries } from './deliveries';
import { promotionOf } from './promotion';
import { record, textsOf } from './occurrences';
import { entranceFaultsOf } from './ref-entrance';

/** What starts the delivery of each workload, held against what the manifest promises. */
export function entranceFaults(artefacts: Artefacts): ProofResult {
  const { manifest } = artefacts;
  const deployed = new Set<TargetEntry>();
  const delivering = new Map<string, Set<Workflow>>();
  const promoting = new Set<Workflow>();
  for (const deployment of Deliveries.of(artefacts).deployments) {
    const { target, workflow } = deployment;
    if (!target) continue;
    deployed.add(target);
    if (promotionOf(artefacts, deployment)) promoting.add(workflow);
    else delivering.set(target.workload, (delivering.get(target.workload) ?? new Set()).add(workflow));
  }
  const missing = manifest.targets.filter((target) => !deployed.has(target)).map(withoutDeployment);
  let checked = manifest.targets.length;
  const branch = manifest.repository.defaultBranch;
  const entrances = manifest.workloads.flatMap(
    ({ id, delivery, starts, releaseTags, paths, environments }) => {
      // By promotion a run reaches one environment, so that there is nothing to choose.
      const choices = delivery === 'byPromotion' ? [] : environments;
      return [...(delivering.get(id) ?? [])].flatMap((workflow) => {
        checked += 1 + releaseTags.length + paths.length + choices.length;
        return [
          // A push of what people start is a trigger that nobody promised.
          ...(starts === 'onPush'
            ? entranceFaultsOf(workflow, { event: 'push', branch, tags: releaseTags, paths })
            : releaseTags.map((tag) => idleTag(id, tag))),
          ...choiceFaults(workflow, choices),
        ];
      });
    },
  );
  const all = new Set([...promoting, ...[...delivering.values()].flatMap((workflows) => [...workflows])]);
  checked += all.size;
  const closed = [...all].filter(({ triggers }) => !triggers.some(({ event }) => event === BY_HAND));
  return { checked, findings: [...missing, ...entrances, ...closed.map(notByHand)] };
}

const BY_HAND = 'workflow_dispatch';

const idleTag = (id: string, tag: string): Fault => ({
  place: `${MANIFEST_PATH} workloads.${id}.releaseTags`,
  value: `${tag}, although people start the delivery`,
  allowed: 'no release tags for a workload that is started by hand: a tag that is pushed delivers nothing',
  change: 'remove the release tags, or let pushes start the delivery',
});

const notByHand = ({ file }: Workflow): Fault => ({
  place: file,
  value: 'nobody can start it by hand',
  allowed: `${BY_HAND}: people may deliver again, and decide when an environment gets what the one before it runs`,
  change: `add ${BY_HAND} to the triggers, or run \`npx projen\``,
});

const withoutDeployment = ({ constructPath, workload, environment }: TargetEntry): Fault => ({
  place: constructPath,
  value: `no job deploys ${workload} to ${environment}`,
  allowed: 'a job for each target of the manifest',
  change: 'run `npx projen` to write the workflows anew',
});

function choiceFaults(workflow: Workflow, environments: readonly string[]): Fault[] {
  const dispatch = workflow.triggers.find(({ event }) => event === BY_HAND);
  const offered = Object.values(record(dispatch?.filters.inputs)).flatMap((input) =>
    textsOf(record(input).options),
  );
  // A single environment is not chosen: every run goes there.
  if (!dispatch || (offered.length === 0 && environments.length === 1)) return [];
  return environments
    .filter((environment) => !offered.includes(environment))
    .map((environment) => ({
      place: `${workflow.file}:${dispatch.line}`,
      value: `${environment} cannot be chosen`,
      allowed: `each environment of the workload; offered: ${offered.join(', ') || 'nothing'}`,
      change: `add ${environment} to the options, or run \`npx projen\``,
    }));
}
