import { unsupported } from './refusal';

/** Condition keys of a request with their values. A list makes the key multivalued. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** One API call, as policies see it. */
export interface IamRequest {
  /** ARN of the user, role or role session that calls. Needed where a resource policy is evaluated. */
  readonly principal?: string;
  /** IAM action, such as `ecs:UpdateService`. */
  readonly action: string;
  /** ARN of the resource; `*` for actions without resource types. A `*` in it is an ordinary character. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** Reads a condition key, whatever the case of its name. */
export type Lookup = (key: string) => string | readonly string[] | undefined;

/**
 * Names of condition keys ignore case, so two that differ only in case contradict each other.
 *
 * @throws LockstepError `UnsupportedPolicy` for such a pair
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function lookupIn(context: RequestContext): Lookup {
  const values = new Map<string, string | readonly string[]>();
  for (const key of Object.keys(context)) {
    const name = key.toLowerCase();
    const value = context[key];
    if (values.has(name)) {
      throw unsupported('request context', key, 'each key once, in any case', 'Give the key only once.');
    }
    if (value !== undefined) values.set(name, value);
  }
  return (key) => values.get(key.toLowerCase());
}

/** @throws LockstepError `UnsupportedPolicy` unless the request names one action and one resource */
export function checkRequest({ action, resource }: Pick<IamRequest, 'action' | 'resource'>): void {
  if (!/^[a-z0-9-]+:[a-z0-9]+$/i.test(action)) {
    throw unsupported('request action', action, 'service:Action', 'Name one action, without wildcard.');
  }
  if (resource !== '*' && !resource.startsWith('arn:')) {
    throw unsupported('request resource', resource, 'an ARN or *', 'Give the ARN of one resource.');
  }
}
