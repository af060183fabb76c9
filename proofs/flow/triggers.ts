import type { Fault, WorkloadEntry } from '../../contract';
import type { Artefacts, Trigger, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { Deliveries, deploys, rollsBack } from './deliveries';
import { textsOf } from './occurrences';
import { promotionOf } from './promotion';

/** What the manifest promises to start a delivery: pushes and people. Whatever else starts one, nobody asked for. */
const STARTS_DELIVERY = ['push', 'workflow_dispatch'];
/** Promoting, going back on purpose, and delivering a workload that the manifest starts by hand, is a decision of people. */
const STARTED_BY_PEOPLE = ['workflow_dispatch'];

/** Filters of a push by which the manifest says what starts a delivery. */
const PUSH_FILTERS = ['branches', 'tags', 'paths'];

/** Triggers of the workflows that change targets, and filters that take out what the manifest promises. */
export function triggerFaults(artefacts: Artefacts): ProofResult {
  const deliveries = Deliveries.of(artefacts);
  let checked = 0;
  const findings = artefacts.workflows.flatMap((workflow) => {
    const here = deliveries.in(workflow);
    const delivers = here.some(deploys);
    if (!delivers && !here.some(rollsBack)) return [];
    checked += workflow.triggers.length;
    const promotes = here.some((one) => deploys(one) && promotionOf(artefacts, one) !== undefined);
    const workloads = new Set(here.flatMap(({ use }) => deliveries.workloadOf(use) ?? []));
    const byHand = [...workloads].some(({ starts }) => starts === 'byHand');
    const allowed = delivers && !promotes && !byHand ? STARTS_DELIVERY : STARTED_BY_PEOPLE;
    return workflow.triggers.flatMap((trigger) =>
      allowed.includes(trigger.event)
        ? filterFaults(workflow, trigger, [...workloads])
        : [unpromised(workflow, trigger, allowed)],
    );
  });
  return { checked, findings };
}

const unpromised = ({ file }: Workflow, { event, line }: Trigger, allowed: readonly string[]): Fault => ({
  place: `${file}:${line}`,
  value: `the trigger ${event}`,
  allowed: `${allowed.join(', ')}: what the manifest promises to change a target`,
  change: `remove ${event}, or give it a workflow that changes nothing at AWS`,
});

function filterFaults(
  { file }: Workflow,
  { event, line, filters }: Trigger,
  workloads: readonly WorkloadEntry[],
): readonly Fault[] {
  if (event !== 'push') return [];
  const place = `${file}:${line}`;
  const others = Object.keys(filters).filter((name) => !PUSH_FILTERS.includes(name));
  const promised = new Set(workloads.flatMap(({ paths, releaseTags }) => [...paths, ...releaseTags]));
  const takenOut = PUSH_FILTERS.flatMap((name) => textsOf(filters[name])).filter(
    (pattern) => pattern.startsWith('!') && !promised.has(pattern),
  );
  return [
    ...others.map((name) => ({
      place,
      value: `${name}: ${textsOf(filters[name]).join(', ')}`,
      allowed: `${PUSH_FILTERS.join(', ')}: what starts a delivery is named, not what does not`,
      change: `remove ${name}: a push that it takes out is promised, and nothing is delivered`,
    })),
    ...takenOut.map((pattern) => ({
      place,
      value: pattern,
      allowed: 'no pattern that takes out what the manifest promises to deliver',
      change: `remove ${pattern}, or run \`npx projen\``,
    })),
  ];
}
