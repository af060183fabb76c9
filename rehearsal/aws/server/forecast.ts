import { actionGlob } from '../../../proofs/iam';
import type { Disturbance, Weather } from '../weather';

/** Weather that was added, with what is left of it. */
interface Pending {
  readonly weather: Weather;
  readonly fits: (action: string) => boolean;
  toPass: number;
  left: number;
}

/** Says what happens to each call on its way. Of several that fit, the one that was added first. */
export class Forecast {
  private readonly pending: Pending[] = [];

  /** @returns what ends the weather before its calls are used up */
  add(weather: Weather): () => void {
    const { action, times = Infinity, after = 0 } = weather;
    const glob = actionGlob(action);
    const fits = (asked: string): boolean => glob(asked.toLowerCase());
    const added: Pending = { weather, fits, toPass: after, left: times };
    this.pending.push(added);
    return () => {
      added.left = 0;
    };
  }

  /**
   * Counts the call.
   *
   * @param actions what IAM is asked about the call
   * @param role ARN of the role that calls, or wants to
   */
  next(actions: readonly string[], role: string | undefined): Disturbance | undefined {
    const fitting = this.pending.filter(
      ({ weather, fits, left }) =>
        left > 0 && actions.some(fits) && (weather.role === undefined || weather.role === role),
    );
    const due = fitting.find(({ toPass }) => toPass === 0);
    for (const each of fitting) if (each.toPass > 0) each.toPass -= 1;
    if (due) due.left -= 1;
    return due?.weather.disturbance;
  }
}
