import type { ActionReference, IamReference } from '../../../proofs/iam';
import type { Question } from '../../../rehearsal/aws/service';

/** Variables of ARNs whose values may hold slashes and colons. */
const OPEN: readonly string[] = [
  ...['LogGroupName', 'LogStreamName', 'ObjectName', 'ParameterNameWithoutLeadingSlash', 'RepositoryName'],
  'RoleNameWithPath',
];

/** Keys that every request carries whose action knows them. */
const CARRIED: readonly string[] = [
  ...['ecs:cluster', 'iam:PassedToService', 's3:ResourceAccount', 'ssm:Overwrite', 'ssm:Recursive'],
];

/**
 * Faults of what an operation asks IAM, against the Service Authorization Reference: actions that do not exist,
 * resources of another type, types without which a caller needs no permission, and condition keys that the
 * action does not know or that are missing.
 */
export function questionFaults(
  questions: readonly Pick<Question, 'action' | 'resource' | 'context'>[],
  reference: IamReference,
): readonly string[] {
  return questions.flatMap(({ action, resource, context = {} }) => {
    if (!reference.actionExists(action)) return [`${action} is no action`];
    const known = reference.action(action);
    const resources = questions.filter((each) => each.action === action).map((each) => each.resource);
    return [
      ...resourceFaults(known, resource),
      ...missingTypes(known, resources),
      ...keyFaults(known, Object.keys(context), reference),
    ];
  });
}

function resourceFaults({ action, resourceTypes }: ActionReference, resource: string): readonly string[] {
  if (resourceTypes.length === 0) return resource === '*' ? [] : [`${action} knows no resources`];
  if (resourceTypes.some(({ arn }) => patternOf(arn).test(resource))) return [];
  return [`${action}: ${resource} is no ${resourceTypes.map(({ name }) => name).join(' or ')}`];
}

const missingTypes = ({ action, resourceTypes }: ActionReference, asked: readonly string[]) =>
  resourceTypes
    .filter(({ required, arn }) => required && !asked.some((resource) => patternOf(arn).test(resource)))
    .map(({ name }) => `${action}: nothing asked about a ${name}`);

function keyFaults(
  { action, conditionKeys }: ActionReference,
  keys: readonly string[],
  reference: IamReference,
): readonly string[] {
  const strange = keys.filter((key) => !isKnown(key, conditionKeys) && !reference.isGlobalKey(key));
  const missing = CARRIED.filter((key) => conditionKeys.includes(key) && !keys.includes(key));
  return [
    ...strange.map((key) => `${action} does not know ${key}`),
    ...missing.map((key) => `${action} lacks ${key}`),
  ];
}

/** Keys about tags end with the tag, in place of `${TagKey}`. */
const isKnown = (key: string, known: readonly string[]): boolean =>
  known.some((each) => each === key || each === key.replace(/\/.+$/, '/${TagKey}'));

function patternOf(arn: string): RegExp {
  const escaped = arn.replaceAll(/[.*+?^()|[\]\\]/g, '\\$&');
  const pattern = escaped.replaceAll(/\$\{(\w+)\}/g, (_, name: string) =>
    OPEN.includes(name) ? '.+' : '[^:/]+',
  );
  return new RegExp(`^${pattern}$`);
}
