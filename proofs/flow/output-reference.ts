/** An output that a text stands for and nothing else: of a job that is needed, or of an earlier step. */
export interface OutputReference {
  readonly id: string;
  readonly output: string;
}

/** Reads `${{ needs.<job>.outputs.<name> }}`. */
export const outputOfJob = (text: string): OutputReference | undefined =>
  referenceIn(/^\$\{\{\s*needs\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}$/, text);

/** Reads `${{ steps.<step>.outputs.<name> }}`. */
export const outputOfStep = (text: string): OutputReference | undefined =>
  referenceIn(/^\$\{\{\s*steps\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}$/, text);

function referenceIn(form: RegExp, text: string): OutputReference | undefined {
  const [, id, output] = form.exec(text) ?? [];
  return id === undefined || output === undefined ? undefined : { id, output };
}
