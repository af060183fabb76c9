import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call of a program that is to fail. */
export interface ProgramFault {
  /** Text that the command line contains: `python -m pytest`. */
  readonly contains: string;
  /** @default 1 */
  readonly exitCode?: number;
}

/** Files that a call of a program would have written. */
export interface ProgramProduct {
  /** Text that the command line contains: `cdk synth`. */
  readonly contains: string;
  /** Folder below the one in which the program is called. */
  readonly folder: string;
  /** Contents by name. Asked for when the program is set up. */
  readonly files: () => ReadonlyMap<string, string>;
}

/** What calls of programs come to besides saying that they were not run. */
export interface ProgramBehaviour {
  readonly faults?: readonly ProgramFault[];
  readonly products?: readonly ProgramProduct[];
}

/**
 * Writes stand-ins of programs: they say what was not run, lay what it would have written, and end well unless a fault
 * names their command line.
 *
 * @param folder is made; to be put on the PATH. Products are kept beside it.
 */
export function writeProgramStandIns(
  folder: string,
  names: readonly string[],
  { faults = [], products = [] }: ProgramBehaviour = {},
): void {
  mkdirSync(folder, { recursive: true });
  const laid = products.map((product, index) => {
    const from = `${folder}-product-${index}`;
    mkdirSync(from, { recursive: true });
    for (const [name, text] of product.files()) writeFileSync(join(from, name), text);
    return { ...product, from };
  });
  for (const name of names) writeFileSync(join(folder, name), scriptOf(name, faults, laid), { mode: 0o755 });
}

type LaidProduct = ProgramProduct & { readonly from: string };

function scriptOf(name: string, faults: readonly ProgramFault[], products: readonly LaidProduct[]): string {
  return [
    '#!/usr/bin/env bash',
    `line=${quoted(name)}`,
    '[ $# -eq 0 ] || line="$line $*"',
    'echo "rehearsed, not run: $line"',
    ...faults.map(
      ({ contains, exitCode = 1 }) =>
        `[[ "$line" != *${quoted(contains)}* ]] || { echo "fails in this rehearsal: $line" >&2; exit ${exitCode}; }`,
    ),
    ...products.map(
      ({ contains, folder, from }) =>
        `[[ "$line" != *${quoted(contains)}* ]] || { mkdir -p ${quoted(folder)} && cp -R ${quoted(from)}/. ${quoted(folder)}; } || exit`,
    ),
    'exit 0',
    '',
  ].join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
