import { statementOf, statementsOf } from '../proofs/mutations/calls/edit';
import type { Rehearsed, Start } from './stage';

/** A defect that somebody builds in, and the scenario that must notice it. */
export interface Sabotage {
  readonly name: string;
  /** Id of the scenario. */
  readonly scenario: string;
  /** Everything before is the good path without the defect. */
  readonly from: Start;
  /** The surprise that shows it: its place, and how its value begins. */
  readonly shows: readonly [place: string, value: string];
  /** @throws Error unless what it changes stands there exactly once */
  readonly apply: (rehearsed: Rehearsed) => void;
}

export type Change = Sabotage['apply'];

/** Names that the bundler numbers are patterns: they change with what else is in the bundle. */
export const inCommand =
  (from: RegExp, to: string): Change =>
  (rehearsed) => {
    const times = [...rehearsed.command.matchAll(new RegExp(from, 'g'))].length;
    if (times !== 1) throw new Error(`${String(from)} stands ${times} times in the command`);
    rehearsed.command = rehearsed.command.replace(from, to);
  };

export const withoutGrant =
  (role: string, action: string): Change =>
  (rehearsed) => {
    const statement = statementOf(rehearsed, role, action);
    const others = [statement.Action].flat().filter((each) => each !== action);
    const statements = statementsOf(rehearsed, role);
    if (others.length > 0) statement.Action = others;
    else statements.splice(statements.indexOf(statement), 1);
  };

export const both =
  (...changes: readonly Change[]): Change =>
  (rehearsed) =>
    changes.forEach((change) => change(rehearsed));
