import { LockstepError } from '../../contract';
import type { RunStep } from '../plan/model';

/** Text that starts an expression of GitHub Actions. */
export const EXPRESSION = '${{';

export type RunOptions = Omit<RunStep, 'kind' | 'calls' | 'run'> & {
  /** Lines of the script, run by bash with `-eo pipefail`. */
  readonly run: readonly string[];
};

/**
 * A script that calls nothing at AWS. Values reach it through `env`, where no text can become a command.
 *
 * @see https://docs.github.com/en/actions/concepts/security/script-injections
 * @throws LockstepError `ExpressionInRun`
 */
export function runStep({ run, ...step }: RunOptions): RunStep {
  const script = run.length > 1 ? `${run.join('\n')}\n` : run.join('');
  refuseExpression(step.name, script);
  return { kind: 'run', ...step, run: script, calls: [] };
}

/** @throws LockstepError `ExpressionInRun` */
export function refuseExpression(step: string, script: string): void {
  const at = script.indexOf(EXPRESSION);
  if (at < 0) return;
  throw new LockstepError('ExpressionInRun', {
    place: `step "${step}"`,
    value: script.slice(at).split('\n')[0] ?? EXPRESSION,
    allowed: 'a script without expressions',
    change: 'give the value in `env` and read "$NAME" in the script',
  });
}
