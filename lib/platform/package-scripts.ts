import { z } from 'zod';
import type { Fault } from '../../contract';

const packageSchema = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/** Scripts that are to run, and that `package.json` does not have. */
export function scriptFaults(text: string, scripts: readonly string[]): readonly Omit<Fault, 'place'>[] {
  const parsed = packageSchema.safeParse(jsonOf(text));
  if (!parsed.success)
    return [
      {
        value: 'not the JSON of a package with scripts',
        allowed: 'an object with the scripts of the package, by their names',
        change: 'correct the file',
      },
    ];
  const written = Object.keys(parsed.data.scripts ?? {});
  return scripts
    .filter((script) => !written.includes(script))
    .map((script) => ({
      value: `no script ${script}`,
      allowed: `scripts that it has: ${written.join(', ') || 'none'}`,
      change: 'add the script, or name the right ones in tests.scripts',
    }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
