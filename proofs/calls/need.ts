/** Calls that somebody makes with a role which no job assumes. */
export interface Need {
  readonly actions: readonly string[];
  /** Resources that they are made on, with a name for what AWS chooses; none for what may be granted and need not be. */
  readonly called: readonly string[];
  /** Resources that a policy may name for it. */
  readonly granted: readonly string[];
  /** Key that the call carries and that the policy must test, because no resource narrows it. */
  readonly tested?: {
    readonly key: string;
    readonly value: string;
    /** A value that the policy must refuse. @default - the value with something behind it */
    readonly stranger?: string;
  };
}

/** Calls on resources that are known beforehand. */
export const exactly = (actions: readonly string[], resources: readonly string[]): Need => ({
  actions,
  called: resources,
  granted: resources,
});
