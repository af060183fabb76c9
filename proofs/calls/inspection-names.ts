import { type DeployManifest, type Fault, MANIFEST_PATH, type TargetEntry } from '../../contract';
import type { PhysicalNames } from './arn-names';
import type { Checked } from './text';

/**
 * How a target is looked at: stacks that there are, all that make something of the target among them, and a role
 * that only looks.
 */
export function inspectionNames(
  target: TargetEntry,
  { roles }: DeployManifest,
  physical: PhysicalNames,
): Checked {
  const { inspection, constructPath } = target;
  if (!inspection) return { checked: 0, findings: [] };
  const place = `${MANIFEST_PATH} targets.${target.id} (${constructPath}) inspection`;
  const role = roles.find(({ id }) => id === inspection.role);
  const [own = ''] = constructPath.split('/');
  const fault = (field: string, value: string, allowed: string): Fault => ({
    place: `${place}.${field}`,
    value,
    allowed,
    change: 'run `npx projen`, so that the manifest follows the stacks',
  });
  const isLooking =
    role?.purpose === 'inspect' && role.environment === undefined && role.account === target.account;
  return {
    checked: inspection.stacks.length + 2,
    findings: [
      ...inspection.stacks
        .filter((stack) => physical.find('AWS::CloudFormation::Stack', stack, target).length === 0)
        .map((stack) =>
          fault(
            'stacks',
            stack,
            `a stack in ${target.account}, ${target.region} of which there is a template`,
          ),
        ),
      ...(inspection.stacks.includes(own)
        ? []
        : [fault('stacks', inspection.stacks.join(', '), `${own}, which makes the target, among them`)]),
      ...(isLooking
        ? []
        : [
            fault(
              'role',
              `${inspection.role}, ${role ? `a role to ${role.purpose} in ${role.account}` : 'which is not listed'}`,
              `a role to inspect in ${target.account}, for jobs without environment`,
            ),
          ]),
    ],
  };
}
