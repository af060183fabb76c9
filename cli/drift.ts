import type { FileFinding } from './judge';

/** A file that the generator writes. */
export interface GeneratedFile {
  /** Path from the root of the repository. */
  readonly file: string;
  /** What it would write now. @default - only whether the file is there is looked at */
  readonly wanted?: string;
  /** What lies on disk. @default - no such file */
  readonly text?: string;
}

/** How a generated file differs from what the platform file gives: at its first line that does. */
export function driftOf({ wanted, text }: GeneratedFile): readonly FileFinding[] {
  if (text === undefined) {
    return [{ line: 1, code: 'missing', message: 'the file is not there', change: 'run `npx projen`' }];
  }
  if (wanted === undefined || wanted === text) return [];
  const [ours, theirs] = [wanted.split('\n'), text.split('\n')];
  const found = theirs.findIndex((line, at) => line !== ours[at]);
  // Every line is the same, so the end is missing.
  const at = found < 0 ? theirs.length : found;
  return [
    {
      line: Math.min(at + 1, theirs.length),
      code: 'drift',
      message: `got ${quoted(theirs[at])}, the platform file gives ${quoted(ours[at])}`,
      change: 'change platform.config.ts and run `npx projen`; edits of this file are lost',
    },
  ];
}

const quoted = (line: string | undefined): string =>
  line === undefined ? 'the end of the file' : JSON.stringify(line);
