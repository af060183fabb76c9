/** CR LF, LF, CR, VT, FF, NEL, and the line and paragraph separators of Unicode. */
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
/** C0 and C1 controls but the tab: with them, text could move a terminal's cursor or fill its clipboard. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * One line that a terminal and the runner show and never act on, whatever a container has logged.
 *
 * @param lineBreak what stands for a line break. @default ' ⏎ '
 * @see https://www.unicode.org/charts/PDF/U0080.pdf
 */
export function printable(text: string, lineBreak = ' ⏎ '): string {
  return text.replace(LINE_BREAK, lineBreak).replace(CONTROL, '');
}
