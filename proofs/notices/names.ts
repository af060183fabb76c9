import { type Fault, MANIFEST_PATH, type TargetEntry, type WorkloadEntry } from '../../contract';
import type { Artefacts } from '../artefacts';
import { PhysicalNames } from '../calls/arn-names';
import { arnFaults } from '../calls/manifest-names';
import type { Checked } from '../calls/text';
import { unless, wrongAt } from '../wrong';

const ANEW = 'run `npx projen`, so that manifest and stacks follow the platform file';

/** Where mail about a target goes: a topic of its own account and region, written to with the role for it. */
export function postboxNames(artefacts: Artefacts): Checked {
  const { manifest, resources } = artefacts;
  const physical = new PhysicalNames(resources);
  return {
    checked: manifest.targets.length * 2,
    findings: manifest.targets.flatMap((target) => {
      const workload = manifest.workloads.find(({ id }) => id === target.workload);
      return [...channelFaults(target, workload), ...postboxFaults(target, artefacts, physical)];
    }),
  };
}

export const placeOfPostbox = ({ id, constructPath }: TargetEntry): string =>
  `${MANIFEST_PATH} targets.${id} (${constructPath}) postbox`;

/** A target has a postbox where its workload has subscribers, and only there. */
function channelFaults(target: TargetEntry, workload: WorkloadEntry | undefined): readonly Fault[] {
  const mail = workload?.notices.some(({ channel }) => channel === 'email') === true;
  return wrongAt(placeOfPostbox(target), ANEW, [
    ...unless(
      !mail || target.postbox !== undefined,
      `no topic, although ${target.workload} has subscribers`,
      'a topic',
    ),
    ...unless(
      mail || target.postbox === undefined,
      `a topic, although nobody subscribes to ${target.workload}`,
      'none',
    ),
  ]);
}

function postboxFaults(
  target: TargetEntry,
  { manifest }: Artefacts,
  physical: PhysicalNames,
): readonly Fault[] {
  const { postbox, environment, account, region } = target;
  if (!postbox) return [];
  const place = placeOfPostbox(target);
  const holder = manifest.environments.find(({ name }) => name === environment)?.rollbackEnvironment;
  const role = manifest.roles.find(({ id }) => id === postbox.role);
  const arns = [...new Set([postbox.topicArn, ...postbox.calls.flatMap(({ resources }) => resources)])];
  return [
    ...arns.flatMap((arn) => arnFaults(arn, place, physical)),
    ...wrongAt(place, ANEW, [
      ...unless(
        postbox.topicArn.startsWith(`arn:aws:sns:${region}:${account}:`),
        postbox.topicArn,
        `a topic in ${account}, ${region}, beside the target`,
      ),
      ...unless(
        role?.purpose === 'notify' && role.environment === holder && role.account === account,
        `role ${postbox.role}${role ? `, to ${role.purpose} in ${role.environment ?? 'no environment'}, ${role.account}` : ', which is not listed'}`,
        `the role to notify of ${holder ?? environment} in ${account}`,
      ),
    ]),
  ];
}
