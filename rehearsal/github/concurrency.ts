import { type Scope, textOf, valueOf } from './expressions';

/** A concurrency group, evaluated. */
export interface ConcurrencyGroup {
  readonly group: string;
  /** Whether a later run ends this one, or waits for it. */
  readonly cancelInProgress: boolean;
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#concurrency */
export function concurrencyOf(written: unknown, scope: Scope): ConcurrencyGroup | undefined {
  if (written === undefined || written === null) return undefined;
  if (typeof written === 'string') return { group: textOf(written, scope), cancelInProgress: false };
  const { group = '', 'cancel-in-progress': cancel = false } = written as Readonly<Record<string, unknown>>;
  return {
    group: textOf(String(group), scope),
    cancelInProgress: String(valueOf(cancel, scope)) === 'true',
  };
}

/** What people see on what a later run ended. */
export const supersededMessage = ({ group }: ConcurrencyGroup): string =>
  `Canceling since a higher priority waiting request for '${group}' exists`;
