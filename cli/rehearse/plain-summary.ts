const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&#58;': ':',
  '&#46;': '.',
  '&amp;': '&',
};

/**
 * A step summary as lines of plain text, for a terminal: the lines that say something, without the markup that
 * the pipeline's own summaries use.
 */
export function plainSummary(markdown: string): readonly string[] {
  return markdown
    .split('\n')
    .map(plainLine)
    .filter((text) => text !== '');
}

function plainLine(line: string): string {
  const cells = /^\|.*\|$/.test(line)
    ? line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim())
    : [line];
  if (cells.every((cell) => cell === '' || /^:?-{3,}:?$/.test(cell))) return '';
  return cells
    .filter((cell) => cell !== '')
    .map(unmarked)
    .join('  ')
    .trim();
}

function unmarked(text: string): string {
  return text
    .replace(/<[^>]*>/g, '')
    .replace(/^(?:#{1,6} |`{3,}\w*$)/, '')
    .replaceAll('**', '')
    .replace(/\\([\\`*_{}[\]#+|~$])/g, '$1')
    .replace(/&(?:lt|gt|amp|#58|#46);/g, (entity) => ENTITIES[entity] ?? entity);
}
