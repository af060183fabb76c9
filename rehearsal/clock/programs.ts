import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Waits in virtual time: Node.js does, once the preload is in its environment.
 *
 * @see https://www.gnu.org/software/coreutils/manual/html_node/sleep-invocation.html
 */
const SLEEP = `#!/usr/bin/env node
const UNITS = { s: 1, m: 60, h: 3600, d: 86400 };
const given = process.argv.slice(2).map((text) => /^(\\d*\\.?\\d+)([smhd]?)$/.exec(text));
if (given.length === 0 || given.includes(null)) {
  console.error("sleep: expected numbers such as 1, 2.5 or 1h, got '" + process.argv.slice(2).join(' ') + "'");
  process.exit(1);
}
const seconds = given.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit || 's'], 0);
setTimeout(() => {}, seconds * 1000);
`;

/**
 * Writes the programs that wait: `sleep`.
 *
 * @param folder is made; to be put first on the PATH
 */
export function writeClockPrograms(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sleep'), SLEEP, { mode: 0o755 });
}
