import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SYSTEMS } from './rows';

// Writes docs/requirements.md from the results of a whole test run: row, what, tests, state.

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly title: string;
    }[];
  }[];
}

interface Shown {
  readonly file: string;
  readonly title: string;
  readonly passed: boolean;
}

const ROOT = join(__dirname, '../..');
const results = JSON.parse(readFileSync(join(ROOT, '.jest-results.json'), 'utf8')) as Results;

const shown = new Map<string, Shown[]>();
for (const { name, assertionResults } of results.testResults) {
  for (const { fullName, title, status } of assertionResults) {
    for (const row of new Set(fullName.match(/\b[A-E]\d{2}\b/g) ?? [])) {
      const entry = { file: relative(ROOT, name), title: withoutRows(title), passed: status === 'passed' };
      shown.set(row, [...(shown.get(row) ?? []), entry]);
    }
  }
}

/** Rows at the head of a title say again what the table says already. */
function withoutRows(title: string): string {
  return title.replace(/^([A-E]\d{2} )+/, '');
}

function stateOf(tests: readonly Shown[]): string {
  if (tests.length === 0) return 'open';
  return tests.every(({ passed }) => passed) ? 'shown' : 'failing';
}

const lines = [
  '# Requirements',
  '',
  'Written by `npm test` from its results. A row is shown when every test that carries its id passes, and',
  'open while no test does.',
  '',
];
for (const { title, rows } of SYSTEMS) {
  lines.push(`## ${title}`, '', '| row | what | state |', '|---|---|---|');
  for (const [row, what] of Object.entries(rows))
    lines.push(`| ${row} | ${what} | ${stateOf(shown.get(row) ?? [])} |`);
  lines.push('');
  for (const row of Object.keys(rows)) {
    const tests = shown.get(row);
    if (!tests) continue;
    lines.push(`### ${row}`, '');
    for (const file of [...new Set(tests.map((test) => test.file))].sort()) {
      const titles = tests
        .filter((test) => test.file === file)
        .map((test) => test.title.replaceAll('|', '\\|'));
      lines.push(`- \`${file}\``, ...[...new Set(titles)].map((text) => `  - ${text}`));
    }
    lines.push('');
  }
}
const files = readdirSync(join(ROOT, 'test'), { recursive: true }).filter((file) =>
  String(file).endsWith('.test.ts'),
);
// A run of some of the tests says nothing about the others.
if (results.testResults.length === files.length)
  writeFileSync(join(ROOT, 'docs/requirements.md'), `${lines.join('\n').trimEnd()}\n`);
console.log(`${results.numPassedTests} passed, ${results.numFailedTests} failed`);
