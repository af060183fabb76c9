import { type Fault, LONGEST_DEPLOY_MINUTES } from '../../contract';
import { duplicateFaults } from './environment-rules';
import { outside } from './faults';
import { subscriberFaults } from './notifications';
import type { Environment } from './platform';
import type { WorkloadEnvironment, WorkloadFields } from './workload';

/** Shortest deadline of a deployment. */
export const SHORTEST_DEPLOY_MINUTES = 5;

/** What is asked of every kind of workload. Each rule returns the faults it finds; none stops at the first. */
export function workloadFaults(
  workload: WorkloadFields,
  place: string,
  environments: readonly Environment[],
  defaultBranch: string,
): Fault[] {
  const declared = environments.map(({ name }) => name);
  const order = workload.environments.map(({ name }) => declared.indexOf(name)).filter((index) => index >= 0);
  return [
    ...(order.some((position, index) => position < (order[index - 1] ?? -1))
      ? [
          {
            place: `${place}.environments`,
            value: workload.environments.map(({ name }) => name).join(', '),
            allowed: `the order of the platform: ${declared.join(', ')}`,
            change: 'list the environments in that order: it is the order of delivery',
          },
        ]
      : []),
    ...duplicateFaults(
      workload.environments.map(({ name }) => name),
      (index) => `${place}.environments[${index}].name`,
      'entry',
    ),
    ...subscriberFaults(workload, place),
    ...releaseTagFaults(workload, `${place}.releaseTags`),
    ...refFaults(workload, place, environments, defaultBranch),
    ...outside(
      workload.rollout.timeoutMinutes,
      SHORTEST_DEPLOY_MINUTES,
      LONGEST_DEPLOY_MINUTES,
      `${place}.rollout.timeout`,
      'minutes',
    ),
    ...workload.environments.flatMap((environment, index) =>
      unknownEnvironment(environment, `${place}.environments[${index}]`, declared),
    ),
  ];
}

/** Where people start every delivery, no tag does. */
function releaseTagFaults({ delivery, starts, releaseTags }: WorkloadFields, place: string): Fault[] {
  if (releaseTags.length === 0) return [];
  if (starts === 'byHand') {
    return [
      {
        place,
        value: releaseTags.map((tag) => `"${tag}"`).join(', '),
        allowed: 'none without deployOnPush: people start every delivery, and no tag does',
        change: 'remove releaseTags, or write deployOnPush: true',
      },
    ];
  }
  // A tag would start the delivery to the first environment once more, and no promotion.
  if (delivery !== 'byPromotion') return [];
  return [
    {
      place,
      value: releaseTags.map((tag) => `"${tag}"`).join(', '),
      allowed:
        'none with delivery byPromotion: a release is what people promote, and no tag starts a promotion',
      change: "remove releaseTags, or write delivery: 'throughEnvironments'",
    },
  ];
}

/** Deliveries start from the default branch and the release tags, so every environment must let these in. */
function refFaults(
  workload: WorkloadFields,
  place: string,
  environments: readonly Environment[],
  branch: string,
): Fault[] {
  return workload.environments.flatMap(({ name }, index) => {
    const environment = environments.find((candidate) => candidate.name === name);
    if (!environment) return [];
    // By promotion or by hand there may be none, which is a fault of its own.
    const { delivery, starts } = workload;
    const releaseTags = delivery === 'byPromotion' || starts === 'byHand' ? [] : workload.releaseTags;
    const tags = releaseTags.filter((tag) => !environment.tags.includes(tag));
    const missing = [
      ...(environment.branches.includes(branch) ? [] : [`branch "${branch}"`]),
      ...tags.map((tag) => `tag "${tag}"`),
    ];
    if (missing.length === 0) return [];
    return [
      {
        place: `${place}.environments[${index}]`,
        value: `deliveries from ${missing.join(' and ')}, which ${name} does not let in`,
        allowed: `branches ${environment.branches.join(', ') || 'none'}; tags ${environment.tags.join(', ') || 'none'}`,
        change: `add ${missing.join(' and ')} to deployFrom of ${name}${tags.length > 0 ? ', or change releaseTags of the workload' : ''}`,
      },
    ];
  });
}

function unknownEnvironment(
  environment: WorkloadEnvironment,
  place: string,
  declared: readonly string[],
): Fault[] {
  if (declared.includes(environment.name)) return [];
  return [
    {
      place: `${place}.name`,
      value: `"${environment.name}"`,
      allowed: declared.map((name) => `"${name}"`).join(' or '),
      change: 'use a declared environment, or add this one to `environments` of the platform',
    },
  ];
}
