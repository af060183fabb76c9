import type { Section } from '../report';

/** The lines of a section without markup; cells of a table are as wide as the widest of their column. */
export function sectionLines(section: Section): readonly string[] {
  if ('lines' in section) return section.lines;
  const rows = section.rows.length === 0 ? [] : [section.head, ...section.rows];
  const widths = section.head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
