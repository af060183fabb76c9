import { Duration, Size } from 'aws-cdk-lib';
import { z } from 'zod';

/** Forms of single fields, each with what is allowed in the words of our messages. */

/** @param example a duration that this field takes */
export const duration = (example: string) =>
  z.custom<Duration>((value) => value instanceof Duration, `a Duration, such as ${example}`);
/** @param example a size that this field takes */
export const sizeSuchAs = (example: string) =>
  z.custom<Size>((value) => value instanceof Size, `a Size, such as ${example}`);
export const size = sizeSuchAs('Size.gibibytes(12)');
export const whole = (minimum: number, maximum: number) =>
  z.int(`a whole number from ${minimum} to ${maximum}`).min(minimum).max(maximum);
export const matching = (pattern: RegExp, allowed: string) => z.string(allowed).regex(pattern, allowed);

export const name = (maximum: number) =>
  matching(
    // `constructor` would meet a name that every JavaScript object has.
    new RegExp(`^(?!constructor$)[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,${maximum - 1}}$`),
    `lower-case letters, digits and single hyphens, beginning with a letter, at most ${maximum} characters`,
  );
export const region = matching(
  /^(af|ap|ca|eu|il|me|mx|sa|us)-(?!gov|iso)[a-z]+-\d$/,
  'a region of the partition aws, such as us-east-1',
);
export const account = matching(/^\d{12}$/, 'an AWS account id: twelve digits, in quotes');
export const relativePath = matching(
  /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9._-]+)*$/,
  'a path inside the repository such as services/api, without spaces, `..`, `./`, or a slash at either end',
);

/** GitHub wants `*` at the end only, so that a trust condition can follow it exactly. */
export const tagPattern = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]*\*?$/,
  'a tag name, or its beginning with `*` at the end, such as v*',
);

export const roleName = matching(/^[A-Za-z0-9+=,.@_-]{1,64}$/, 'a role name of at most 64 characters');
/** @see https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets */
export const secretName = matching(
  /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/,
  'a secret name in capitals that does not begin with GITHUB_',
);
export const parameterName = matching(
  /^\/(?!aws\b|ssm\b)[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
  'an SSM parameter name with a leading slash, not below /aws or /ssm',
);
