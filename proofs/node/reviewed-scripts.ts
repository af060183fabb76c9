import { createHash } from 'node:crypto';
import { z } from 'zod';
import reviewed from './reviewed-scripts.json';

/**
 * What was reviewed, by its path in the repository: a checksum, and the constants that a stack may write behind the first
 * line. A template is made of the script itself, so that comparing the two would show nothing: the checksum is changed in
 * the commit in which the change of the script was reviewed.
 */
const REVIEWED = z
  .record(
    z.string(),
    z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      constants: z.array(z.string()).readonly(),
    }),
  )
  .parse(reviewed);

/** What the document of a node runs. */
export const NODE_SCRIPT = 'constructs/k3s-node/node.sh';
/** What makes a node out of an instance. */
export const SETUP_SCRIPT = 'constructs/k3s-node/node-setup.sh';

type ReviewedScript = typeof NODE_SCRIPT | typeof SETUP_SCRIPT;

/** A script of a template, taken apart. */
interface ScriptParts {
  readonly constants: ReadonlyMap<string, string>;
  /** Without the constants. */
  readonly text: string;
}

const CONSTANT = /^readonly ([A-Z0-9_]+)='([^'\n]*)'$/;

/** The constants behind the first line that the reviewed script expects, and the rest. */
export function partsOfScript(script: string, path: ReviewedScript): ScriptParts {
  const expected = REVIEWED[path]?.constants ?? [];
  const [first = '', ...lines] = script.split('\n');
  const constants = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = CONSTANT.exec(line) ?? [];
    if (!expected.includes(name) || constants.has(name)) break;
    constants.set(name, value);
  }
  return { constants, text: [first, ...lines.slice(constants.size)].join('\n') };
}

/** Checksum of a script as a file, which ends with one line end. */
export const checksumOf = (text: string): string =>
  createHash('sha256').update(`${text.trimEnd()}\n`).digest('hex');

/** @returns what is wrong, and what is allowed; nothing for the script that was reviewed */
export function scriptDifference(
  script: string,
  path: ReviewedScript,
): readonly [value: string, allowed: string] | undefined {
  const { constants, text } = partsOfScript(script, path);
  const sha256 = checksumOf(text);
  if (sha256 === REVIEWED[path]?.sha256) return undefined;
  return [
    `a script with the SHA-256 ${sha256}, behind ${constants.size} constants`,
    `${path} as it was reviewed, ${String(REVIEWED[path]?.sha256)}: a change that was reviewed is written to proofs/node/reviewed-scripts.json`,
  ];
}

/** Checksums that were written down, by the path of the script. */
export const REVIEWED_CHECKSUMS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(REVIEWED).map(([path, { sha256 }]) => [path, sha256]),
);
