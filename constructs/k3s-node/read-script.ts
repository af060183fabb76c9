import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A script of this folder, with constants behind its first line.
 *
 * @param constants Values that cannot end a quoted text of the shell; a token is one.
 */
export function readScript(file: string, constants: Readonly<Record<string, string>>): string {
  const [first = '', ...rest] = readFileSync(join(__dirname, file), 'utf8').split('\n');
  const lines = Object.entries(constants).map(([name, value]) => {
    if (/['\n]/.test(value)) throw new TypeError(`${name} of ${file} has a quote or a line end in it`);
    return `readonly ${name}='${value}'`;
  });
  return [first, ...lines, ...rest].join('\n');
}
