import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { shellcheckJudge } from '../../cli/shellcheck';
import { renderValidation } from '../../cli/validate';
import { add, afterEdit, findingsIn, jobs } from './edited';

const FOREIGN = '.github/workflows/foreign.yml';
const scratch = mkdtempSync(join(tmpdir(), 'lockstep-shellcheck-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A folder for PATH whose only program is a shellcheck. */
function pathWith(name: string, script?: string): NodeJS.ProcessEnv {
  const folder = join(scratch, name);
  mkdirSync(folder);
  if (script !== undefined) {
    writeFileSync(join(folder, 'shellcheck'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'shellcheck'), 0o755);
  }
  return { PATH: folder };
}

describe('shellcheck', () => {
  const steps = [
    '      - name: Literal',
    '        run: |',
    '          first',
    '          second ${{ github.sha }}',
    '      - name: Folded',
    '        run: >-',
    '          one',
    '          two',
    '      - run: plain',
    '      - name: Python',
    '        shell: python',
    '        run: print()',
    '',
  ].join('\n');
  // Answers at the last line of the script, with the script in the message.
  const FAKE = [
    '[ "$1" = --version ] && exit 0',
    "script=''; count=0",
    'while IFS= read -r line || [ -n "$line" ]; do count=$((count + 1)); script="$script$line;"; done',
    'printf \'{"comments":[{"line":%s,"code":2086,"message":"%s"}]}\' "$count" "$script"',
    'exit 1',
  ].join('\n');
  const judged = (name: string, script?: string) =>
    afterEdit((sample) => add(sample, jobs(steps), FOREIGN), [shellcheckJudge(pathWith(name, script))]);

  test('that it is not installed is said', async () => {
    const report = await judged('without');
    expect(report.skipped).toEqual(['shellcheck']);
    expect(renderValidation(report, pc.createColors(false))).toContain('shellcheck is not installed');
  });

  test('its findings stand at the lines of the file; other shells are not its affair', async () => {
    const report = await judged('with', FAKE);
    expect(report.skipped).toEqual([]);
    expect(findingsIn(report, FOREIGN).filter(({ code }) => code.startsWith('SC'))).toEqual(
      [
        { line: 11, message: 'Literal: set -e;first;second expression;' },
        { line: 13, message: 'Folded: set -e;one two;' },
        { line: 16, message: 'step without name: set -e;plain;' },
      ].map((finding) => ({
        ...finding,
        code: 'SC2086',
        change: 'see https://www.shellcheck.net/wiki/SC2086',
      })),
    );
    expect(renderValidation(report, pc.createColors(false))).not.toContain('not installed');
  });

  test('one that gives no verdict is a finding, not a clean file', async () => {
    const report = await judged(
      'broken',
      '[ "$1" = --version ] && exit 0\necho "no such format" >&2\nexit 4',
    );
    expect(findingsIn(report, FOREIGN).filter(({ code }) => code === 'shellcheck')).toHaveLength(3);
    expect(findingsIn(report, FOREIGN).find(({ code }) => code === 'shellcheck')).toMatchObject({
      line: 10,
      message: 'Literal: no verdict, exit code 4 no such format',
    });
  });
});
