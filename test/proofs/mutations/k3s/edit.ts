import { resourcesOfStack, type Mutation, type SampleResource, type Sources } from '../../sample';
import { NODE_PRODUCTION } from '../workflow-names';

export type Json = Record<string, unknown>;

/** The one resource of a type in the stack of the node in production, or the one that has something besides. */
export function inNode(
  sample: Sources,
  type: string,
  has: (properties: Json) => boolean = () => true,
  stack = NODE_PRODUCTION,
): SampleResource {
  const found = Object.values(resourcesOfStack(sample, stack)).filter(
    (one) => one.Type === type && has(one.Properties),
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} of ${type} in ${stack}`);
  return only;
}

/** Rewrites text in the properties of a resource. */
export function rewrite(resource: SampleResource, from: string, to: string): void {
  const text = JSON.stringify(resource.Properties);
  if (!text.includes(from)) throw new Error(`no ${from}`);
  Object.assign(resource, { Properties: JSON.parse(text.replaceAll(from, to)) as Json });
}

/** Rewrites text in a file beside templates and workflows, by the end of its path. */
export function editFile(sample: Sources, file: string, from: string | RegExp, to: string): void {
  const found = sample.files.filter(({ path }) => path.endsWith(file));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} files end with ${file}`);
  if (typeof from === 'string' ? !only.text.includes(from) : !from.test(only.text)) {
    throw new Error(`no ${String(from)} in ${file}`);
  }
  sample.files = sample.files.map((one) =>
    one === only ? { ...one, text: one.text.replace(from, () => to) } : one,
  );
}

/** The document of the node in production. */
export interface DocumentContent {
  parameters: Record<string, Json>;
  mainSteps: { action: string; inputs: Json & { runCommand: string[] } }[];
  schemaVersion: string;
}

export const contentOf = (sample: Sources): DocumentContent =>
  inNode(sample, 'AWS::SSM::Document').Properties.Content as DocumentContent;

export interface Statement {
  Action: string | string[];
  Resource: string | string[];
  Effect: string;
  Condition?: Json;
}

/** Statements of a role in the stack of the node in production. */
export const statementsOf = (sample: Sources, name: string, stack = NODE_PRODUCTION): Statement[] =>
  statementsIn(inNode(sample, 'AWS::IAM::Role', ({ RoleName }) => RoleName === name, stack));

/** The role of the node in production: CloudFormation chooses its name. */
export const nodeRole = (sample: Sources): SampleResource =>
  inNode(sample, 'AWS::IAM::Role', ({ AssumeRolePolicyDocument }) =>
    JSON.stringify(AssumeRolePolicyDocument).includes('ec2.amazonaws.com'),
  );

export function statementsIn({ Properties }: SampleResource): Statement[] {
  const [policy] = Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[];
  if (!policy) throw new Error('a role without policy');
  return policy.PolicyDocument.Statement;
}

/** The first statement with an action on a resource that holds a text. */
export function statementOn(statements: readonly Statement[], action: string, resource: string): Statement {
  const found = statements.find(
    (one) => [one.Action].flat().includes(action) && JSON.stringify(one.Resource).includes(resource),
  );
  if (!found) throw new Error(`no ${action} on ${resource}`);
  return found;
}

/** A maker of defects that one proof must find at one place. */
export const defects =
  (owner: Mutation['owner'], place: Mutation['place']) =>
  (name: string, apply: Mutation['apply'], where = place): Mutation => ({ name, owner, place: where, apply });
