import { findResource, type SampleResource, type Sources } from '../sample';

export const ISSUER = 'token.actions.githubusercontent.com';

/** A trust statement of a template, to be changed in place. */
export interface TrustStatement {
  Effect: string;
  Action: string | string[];
  Principal: Record<string, unknown>;
  Condition?: Record<string, Record<string, unknown>>;
}

/** @throws Error unless there is one such role */
export const roleNamed = (sample: Sources, name: string): SampleResource =>
  findResource(sample, 'AWS::IAM::Role', 'RoleName', name);

export function trustOf({ Properties }: SampleResource): TrustStatement[] {
  return (Properties.AssumeRolePolicyDocument as { Statement: TrustStatement[] }).Statement;
}

/** Tests a claim, in place of what was tested under that operator before. */
export function test(statement: TrustStatement, operator: string, claim: string, value: unknown): void {
  const condition = (statement.Condition ??= {});
  condition[operator] = { ...condition[operator], [`${ISSUER}:${claim}`]: value };
}

/** @throws Error unless the claim is tested for equality */
export function drop({ Condition }: TrustStatement, claim: string): void {
  const keys = Condition?.StringEquals;
  if (!keys || !(`${ISSUER}:${claim}` in keys)) throw new Error(`${claim} is not tested`);
  Reflect.deleteProperty(keys, `${ISSUER}:${claim}`);
}

/** Puts another operator in place of `StringEquals`. */
export function compareBy(statement: TrustStatement, operator: string): void {
  const { StringEquals, ...others } = statement.Condition ?? {};
  if (!StringEquals) throw new Error('nothing is tested for equality');
  statement.Condition = { ...others, [operator]: StringEquals };
}

/** The subjects of a statement that tests them for equality. */
export function subjectsOf({ Condition }: TrustStatement): string[] {
  const subjects = Condition?.StringEquals?.[`${ISSUER}:sub`];
  if (!Array.isArray(subjects)) throw new Error('the statement lists no subjects');
  return subjects as string[];
}

/** The first trust statement of a role, on its own. */
export function copyOfTrust(role: SampleResource): TrustStatement {
  const [first] = trustOf(role);
  if (!first) throw new Error('the role trusts nobody');
  return structuredClone(first);
}
