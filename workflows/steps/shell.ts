/** A word for bash: as it is when nothing in it has a meaning to the shell, else in single quotes. */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_.,:@%+=/-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
