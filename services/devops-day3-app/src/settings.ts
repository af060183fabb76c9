/** Settings come from the environment and from nowhere else. */
export interface Settings {
  /** 0 takes a free one. */
  readonly port: number;
  /** What `/` answers, so that one sees which version runs. */
  readonly version: string;
  /** How long requests are still taken after SIGTERM, for those that were already on their way. */
  readonly drainSeconds: number;
}

/** @throws SettingsError with every fault at once */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const faults: string[] = [];
  const whole = (name: string, otherwise: number, most: number): number => {
    const text = environment[name] ?? '';
    if (text === '') return otherwise;
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= most) return value;
    faults.push(`${name}: got ${JSON.stringify(text)}; allowed: a whole number from 0 to ${most}`);
    return otherwise;
  };
  const settings = {
    port: whole('PORT', 8080, 65_535),
    version: environment['APP_VERSION'] || 'unknown',
    drainSeconds: whole('DRAIN_SECONDS', 5, 10),
  };
  if (faults.length > 0) throw new SettingsError(faults.join('\n'));
  return settings;
}

export class SettingsError extends Error {}
