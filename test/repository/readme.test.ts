import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import readmePlatform from '../fixtures/readme.config';

const ROOT = join(__dirname, '../..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');

describe('README', () => {
  test('shows a platform file that compiles and is accepted', () => {
    const fixture = readFileSync(join(ROOT, 'test/fixtures/readme.config.ts'), 'utf8');
    expect(blocks[0]).toBe(fixture.slice(fixture.indexOf('\n') + 1).replace("'../../lib'", "'./lib'"));
    expect(readmePlatform.workloads.map(({ id }) => id)).toEqual(['detector']);
  });

  test('shows workloads of the sample platform as they are', () => {
    const file = readFileSync(join(ROOT, 'test/fixtures/sample-platform.ts'), 'utf8');
    expect(blocks).toHaveLength(4);
    for (const block of blocks.slice(1)) expect(file.replace(/^ {4}/gm, '')).toContain(block);
  });

  test('names the two commands', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm cit');
  });

  test('shows messages as they are', () => {
    const [, text] = /```text\n(InvalidConfiguration[\s\S]*?)```/.exec(readme) ?? [];
    expect(text).toContain('allowed: "staging" or "production"; change: use a declared environment');
    expect(text).toContain('at least 2 must keep running and at most 2 fit, so no task can be replaced');
  });
});
