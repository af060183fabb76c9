// Lints texts as if they stood in the given files: [[file, code], …] in, messages of each out.
// In a process of its own, because the linter loads its configuration as an ES module.
import { readFileSync } from 'node:fs';
import { ESLint } from 'eslint';

const cases = JSON.parse(readFileSync(0, 'utf8'));
const typed = ['no-floating-promises', 'no-misused-promises', 'switch-exhaustiveness-check'];
const eslint = new ESLint({
  overrideConfig: {
    // Texts have no types, so the rules that need them are left out.
    languageOptions: { parserOptions: { projectService: false } },
    rules: Object.fromEntries(typed.map((rule) => [`@typescript-eslint/${rule}`, 'off'])),
  },
});
const results = [];
for (const [filePath, code] of cases) {
  const [result] = await eslint.lintText(code, { filePath });
  results.push((result?.messages ?? []).map(({ message }) => message));
}
process.stdout.write(JSON.stringify(results));
