import type { RepositoryIdentity } from '../../contract';
import type { Workload } from './workload';

/** The platform file after validation: every default filled in, plain numbers in named units. */
export interface Platform {
  readonly name: string;
  readonly repository: RepositoryIdentity;
  /** Region of what belongs to no workload, such as the provider of an account. */
  readonly region: string;
  readonly environments: readonly Environment[];
  readonly workloads: readonly Workload[];
  /** Account that stores the images. */
  readonly imageAccount: string;
  readonly trust: Trust & { readonly roles: Readonly<Record<string, Partial<Trust>>> };
}

/** Conditions that trust policies test besides subject and audience. */
export interface Trust {
  readonly jobWorkflowRef: boolean;
  readonly repositoryIds: boolean;
}

/** The conditions for one role, by its name. */
export function trustOf({ trust: { roles, ...trust } }: Platform, role: string): Trust {
  return { ...trust, ...(Object.hasOwn(roles, role) ? roles[role] : {}) };
}

export interface Environment {
  readonly name: string;
  readonly account: string;
  readonly reviewers: readonly string[];
  readonly waitMinutes: number;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly oidcProvider: 'create' | 'import';
  readonly network: {
    readonly cidr: string;
    readonly availabilityZones?: readonly string[];
    readonly natGateways: number;
  };
}

/** GitHub environment of automatic rollbacks: one that waits for nobody. */
export function rollbackEnvironmentOf(environment: Environment): string {
  return environment.reviewers.length > 0 || environment.waitMinutes > 0
    ? `${environment.name}-rollback`
    : environment.name;
}

/** Account of an environment that is declared. */
export const accountOf = ({ environments }: Pick<Platform, 'environments'>, environment: string): string =>
  environments.find(({ name }) => name === environment)?.account ?? '';

/** Other accounts that a workload runs in. */
export const accountsBeside = (
  platform: Platform,
  workload: Workload,
  account: string,
): readonly string[] => [
  ...new Set(
    platform.environments
      .filter(({ name }) => workload.environments.some((environment) => environment.name === name))
      .map((environment) => environment.account)
      .filter((other) => other !== account),
  ),
];
