/** A role as its template made it. */
export interface StoredRole {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  /** Construct path, for errors. */
  readonly place: string;
  /** `AROA…`, the first half of a session's user id. */
  readonly id: string;
  readonly trust: unknown;
  readonly policies: readonly StoredPolicy[];
  readonly managedPolicyArns: readonly string[];
  /** ARN of the managed policy that is the permissions boundary. */
  readonly boundary?: string;
  readonly maxSessionSeconds: number;
}

export interface StoredPolicy {
  readonly name: string;
  readonly document: unknown;
}

/** An identity provider of an account. */
export interface StoredProvider {
  readonly arn: string;
  /** Audiences that it accepts. */
  readonly clientIds: readonly string[];
}

/** Everything that the model of IAM remembers, by ARN. */
export interface IamState {
  lastId: number;
  readonly roles: Map<string, StoredRole>;
  readonly managedPolicies: Map<string, StoredPolicy>;
  readonly providers: Map<string, StoredProvider>;
  /** Names of the roles that instances get by a profile. */
  readonly instanceProfiles: Map<string, readonly string[]>;
}

export const emptyState = (): IamState => ({
  lastId: 0,
  roles: new Map(),
  managedPolicies: new Map(),
  providers: new Map(),
  instanceProfiles: new Map(),
});
