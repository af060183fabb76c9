/** An object as the API server gives it. */
export type View = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/** A moment as the API server writes it. */
export const at = (milliseconds: number): string =>
  new Date(Math.trunc(milliseconds / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');

/** One line of `status.conditions`. */
export const condition = (type: string, holds: boolean, since: number, reason: string, message: string) => ({
  type,
  status: holds ? 'True' : 'False',
  reason,
  message,
  lastTransitionTime: at(since),
});
