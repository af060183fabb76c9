import { ApiFault } from '../service';
import { isPublic } from './public-parameters';

/** Most levels of a hierarchy. */
const DEEPEST = 15;

/**
 * ARN of a parameter, whose name may begin with a slash or not. Parameters of AWS belong to no account.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 */
export const arnOf = (account: string, region: string, name: string): string =>
  `arn:aws:ssm:${region}:${isPublic(name) ? '' : account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;

/** A parameter as a request names it: by name or ARN, with a version or a label behind a colon. */
export interface ParameterReference {
  readonly arn: string;
  readonly name: string;
  /** With its colon. */
  readonly selector?: string;
}

export function readReference(text: string, account: string, region: string): ParameterReference {
  const [, foreign, path] = /^(arn:aws:ssm:[^:]*:[^:]*:parameter)(\/.*)$/.exec(text) ?? [];
  const [, name = text, selector] = /^([^:]*)(:.+)?$/.exec(path ?? text) ?? [];
  const arn = foreign === undefined ? arnOf(account, region, name) : foreign + name;
  return { arn, name, ...(selector !== undefined && { selector }) };
}

/**
 * @throws ApiFault as AWS answers to a name that a new parameter cannot have
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function checkNewName(name: string): void {
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw new ApiFault('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(name) || (name.includes('/') && !name.startsWith('/'))) {
    const rule = 'a fully qualified name begins with /, and holds letters, digits and _ . - / only';
    throw new ApiFault('ValidationException', `Parameter name: ${rule}, got ${name}`);
  }
  if (name.split('/').length - 1 > DEEPEST) {
    throw new ApiFault('HierarchyLevelLimitExceededException', `A hierarchy has at most ${DEEPEST} levels.`);
  }
}
