const HIDDEN = '***';

/**
 * Texts that must not be seen in logs and outputs.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 */
export class Masks {
  private values: readonly string[] = [];

  /** A value of several lines is hidden as a whole and line by line. */
  add(secret: string): void {
    const found = [secret, ...secret.split(/\r?\n/)].map((text) => text.trim()).filter((text) => text !== '');
    // The longest first, so that no part of a secret is left beside the stars.
    this.values = [...new Set([...this.values, ...found])].sort((a, b) => b.length - a.length);
  }

  hide(text: string): string {
    return this.values.reduce((hidden, value) => hidden.replaceAll(value, HIDDEN), text);
  }

  occurIn(text: string): boolean {
    return this.values.some((value) => text.includes(value));
  }
}
