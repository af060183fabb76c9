import { editWorkflow, findResource, resourcesOfStack, type Sources } from '../../sample';

export type Json = Record<string, unknown>;
export interface Statement {
  Action: string | string[];
  Resource: string | string[];
  Effect: string;
  Condition?: Record<string, Record<string, string>>;
}

export const PRODUCTION = 'ml-platform-kvs-infer-production';
export const STAGING = 'ml-platform-kvs-infer-staging';
export const DEPLOY = 'kvs-infer-deploy.yml';
export const ROLLBACK = 'kvs-infer-rollback.yml';
export const DEPLOY_PRODUCTION =
  'exec node .lockstep/cli.mjs deploy kvs-infer --environment production --image "$IMAGE"';
export const MANIFEST = '.lockstep/manifest.json';

export function roleProperties(sample: Sources, name: string): Json {
  return findResource(sample, 'AWS::IAM::Role', 'RoleName', name).Properties;
}

export function statementsOf(sample: Sources, role: string): Statement[] {
  const [policy] = roleProperties(sample, role).Policies as { PolicyDocument: { Statement: Statement[] } }[];
  if (!policy) throw new Error(`${role} has no policy`);
  return policy.PolicyDocument.Statement;
}

/** The statement of a role that grants the action. */
export function statementOf(sample: Sources, role: string, action: string): Statement {
  const found = statementsOf(sample, role).filter((statement) => [statement.Action].flat().includes(action));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} statements of ${role} grant ${action}`);
  return only;
}

export function change<T>(list: readonly T[], test: (item: T) => boolean): T {
  const found = list.find(test);
  if (!found) throw new Error('nothing to change');
  return found;
}

/** Rewrites text in the whole manifest. */
export function editManifest(sample: Sources, from: string, to: string): void {
  const text = JSON.stringify(sample.manifest);
  if (!text.includes(from)) throw new Error(`the manifest has no ${from}`);
  sample.manifest = JSON.parse(text.replaceAll(from, to)) as Sources['manifest'];
}

export function removeResource(
  sample: Sources,
  stack: string,
  test: (type: string, properties: Json) => boolean,
): void {
  const resources = resourcesOfStack(sample, stack);
  const found = Object.keys(resources).filter((id) =>
    test(resources[id]?.Type ?? '', resources[id]?.Properties ?? {}),
  );
  if (found.length !== 1 || found[0] === undefined)
    throw new Error(`${found.length} resources of ${stack} match`);
  Reflect.deleteProperty(resources, found[0]);
}

export const afterSignIn = (sample: Sources, line: string): void => {
  editWorkflow(
    sample,
    DEPLOY,
    `        run: ${DEPLOY_PRODUCTION}`,
    `        run: |\n          ${line}\n          ${DEPLOY_PRODUCTION}`,
  );
};
