import type { DeployManifest, EnvironmentEntry, PythonQuality, RoleEntry, TargetEntry } from '../../contract';
import { manifest } from '../fixtures/manifest';
import { pythonOf } from './planned';

export const CHECKS = {
  coverage: 80,
  audited: ['services/bikeshare/requirements.txt'],
  exceptedVulnerabilities: [],
} as const satisfies PythonQuality['checks'];

interface Shape {
  readonly environments?: readonly string[];
  /** False for a workload whose image holds everything. */
  readonly models?: boolean;
  readonly checks?: PythonQuality['checks'] | undefined;
}

/** A manifest with one workload that is delivered by promotion, through the environments in their order. */
export function byPromotion({
  environments = ['staging', 'production'],
  models = true,
  ...rest
}: Shape = {}): DeployManifest {
  const { checks } = { checks: CHECKS, ...rest };
  const whole = manifest({ workloads: ['bikeshare'] });
  const parts = environments.map((environment) => partOf(whole, environment, models));
  return {
    ...whole,
    environments: parts.map(({ entry }) => entry),
    roles: [
      ...whole.roles.filter(({ environment }) => environment === undefined),
      ...parts.flatMap(({ roles }) => roles),
    ],
    targets: parts.map(({ target }) => target),
    workloads: whole.workloads.map((workload) => ({
      ...workload,
      quality: { ...pythonOf(whole), ...(checks && { checks }) },
      ...(models && { models: { bucket: 'ml-platform-bikeshare-models-222222222222' } }),
      delivery: 'byPromotion' as const,
      rollbackByCommit: false,
      environments: [...environments],
      releaseTags: [],
    })),
  };
}

/** The manifest with the targets changed. */
export function withTargets(
  whole: DeployManifest,
  change: (target: TargetEntry) => TargetEntry,
): DeployManifest {
  return { ...whole, targets: whole.targets.map(change) };
}

interface Part {
  readonly entry: EnvironmentEntry;
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];
}

/** One environment; those that the fixture does not know are like production. */
function partOf(whole: DeployManifest, environment: string, files: boolean): Part {
  const model = environment === 'staging' ? 'staging' : 'production';
  const named = <Value>(value: Value): Value =>
    JSON.parse(JSON.stringify(value).replaceAll(model, environment)) as Value;
  const entry = named(whole.environments.find(({ name }) => name === model)!);
  const target = named(whole.targets.find((candidate) => candidate.environment === model)!);
  const roles = named(
    whole.roles.filter(({ id }) => [target.deployRole, target.rollbackRole].includes(named(id))),
  );
  const inspect = inspectRole(target);
  const stack = `ml-platform-bikeshare-${environment}`;
  const read = files ? ['services/bikeshare/payload.json', 'services/bikeshare/answer.schema.json'] : [];
  return {
    entry,
    target: {
      ...target,
      files: { deploy: read, rollback: read },
      inspection: {
        role: inspect.id,
        stacks: [stack],
        calls: [
          {
            action: 'cloudformation:GetTemplate',
            resources: [`arn:aws:cloudformation:${target.region}:${target.account}:stack/${stack}/*`],
            because: 'CloudFormation chooses the id behind the name',
          },
        ],
      },
    },
    roles: [...roles, inspect],
  };
}

function inspectRole({ environment, account }: TargetEntry): RoleEntry {
  const id = `bikeshare-${environment}-inspect`;
  return {
    id,
    purpose: 'inspect',
    name: `ml-platform-${id}`,
    arn: `arn:aws:iam::${account}:role/ml-platform-${id}`,
    account,
    maxSessionMinutes: 60,
    constructPath: `ml-platform-bikeshare-${environment}/Inspect`,
  };
}
