import fc from 'fast-check';
import { LockstepError } from '../../contract';
import { systemClock } from '../../runtime/clock';
import { readEnvironment } from '../../runtime/environment';
import { annotation, plain } from '../../runtime/renderers/github';
import { code, codeBlock, text } from '../../runtime/renderers/markdown';
import { outputEntry } from '../../runtime/renderers/output-file';
import { summaryOf } from '../../runtime/renderers/summary';
import { terminalRenderer } from '../../runtime/renderers/terminal';
import { outputsOf } from './harness';

/** Text with the characters that mean something to a runner or to Markdown. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '`',
      '|',
      '\n',
      '\r',
      '%',
      ':',
      ',',
      '<',
      '>',
      '*',
      '_',
      '#',
      '[',
      ']',
      '(',
      ')',
      '\\',
      '&',
    ),
    fc.constantFrom('::', '##[', 'LOCKSTEP_END', '<<', 'https://x.y', '```'),
    fc.string({ minLength: 1, maxLength: 3 }),
  ),
});

describe('GITHUB_OUTPUT', () => {
  test('A08 any value comes back as it was written, and starts no other output', () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        const file = outputEntry('first', first) + outputEntry('second', second);
        expect(outputsOf(file)).toEqual({ first, second });
      }),
    );
  });
});

describe('workflow commands', () => {
  test('A08 an annotation is one line, whatever its texts hold', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, message) => {
        const line = annotation('error', title, message);
        const [, head, data] = /^::error title=([^:,\r\n]*)::([^\r\n]*)\n$/.exec(line) ?? [];
        const back = (escaped = '') =>
          escaped
            .replaceAll('%2C', ',')
            .replaceAll('%3A', ':')
            .replaceAll('%0A', '\n')
            .replaceAll('%0D', '\r');
        expect(back(head).replaceAll('%25', '%')).toBe(title);
        expect((data ?? '').replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')).toBe(
          message,
        );
      }),
    );
  });

  test.each(['\u0085', '\u2028', '\u2029', '\v', '\f', '\u0001', '\u001b', '\u009b'])(
    'A08 %j hides no command, and reaches no log',
    (control) => {
      for (const hidden of [`${control}::error::x`, `a${control}::error::x`, `#${control}#[error]x`]) {
        const line = plain(hidden);
        expect(line).not.toContain(control);
        expect(line.trimStart().startsWith('::')).toBe(false);
        expect(line).not.toContain('##[');
      }
      const line = annotation('error', `a${control}b`, `c${control}\nd`);
      expect(line).not.toContain(control);
      expect(line).toMatch(/^::error title=a.*b::c.*%0Ad\n$/);
    },
  );

  test('A08 what a container says never acts as a command', () => {
    fc.assert(
      fc.property(hostile, (message) => {
        const line = plain(message);
        expect(line).not.toMatch(/[\r\n]/);
        expect(line.trimStart().startsWith('::')).toBe(false);
        expect(line).not.toContain('##[');
      }),
    );
  });
});

describe('step summary', () => {
  test('A08 a cell stays a cell', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const cell = text(value);
        expect(cell).not.toMatch(/[\r\n]/);
        // Every character that Markdown or HTML knows stands behind a backslash or is an entity.
        expect(cell.replace(/\\./g, '')).not.toMatch(/[|`*_[\]<>]/);
        expect(cell).not.toContain('://');
        expect(code(value)).toBe(value === '' ? '' : `<code>${cell}</code>`);
      }),
    );
  });

  test('A08 text of any length stays below what GitHub keeps, and says what was left out', () => {
    const events = Array.from({ length: 9_000 }, (_, at) => ({
      code: 'service.event',
      level: 'info' as const,
      message: '<'.repeat(500),
      at,
    }));
    const facts = [['reason', '&'.repeat(10_000)]] as const;
    const summary = summaryOf({ title: 'app', facts, data: {} }, events);
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    expect(summary).toContain('(8000 characters more)');
    expect(summary).toMatch(
      /Left out, for GitHub keeps 1 MiB of a summary: Timeline\. The log of the step has it\.\n\n$/,
    );
    const short = summaryOf({ title: 'app', facts, data: {} }, events.slice(0, 9));
    expect(short).not.toContain('Left out');
  });

  test('A08 log lines stay inside their block', () => {
    fc.assert(
      fc.property(fc.array(hostile), (lines) => {
        const [fence = '', ...rest] = codeBlock(lines);
        const end = rest.pop() ?? '';
        expect(fence).toBe(`${end}text`);
        expect(rest).toHaveLength(lines.length);
        for (const line of rest) expect(line).not.toContain(end);
      }),
    );
  });

  test('A08 shows the causes and remedies of a failure, and the timeline without progress', () => {
    const failure = new LockstepError('DeploymentFailed', {
      place: 'deployment of app:3',
      value: 'rolled back',
      allowed: 'success',
      change: 'mend it',
    });
    const at = Date.UTC(2026, 10, 20, 12, 0, 5);
    const summary = summaryOf(
      {
        title: 'app in production: app:3 was not deployed',
        facts: [['image', 'repo@sha256:1']],
        diagnoses: [
          { source: 'stopped task 1', cause: 'killed', evidence: ['exit 137'], remedy: 'more memory' },
        ],
        failure,
        data: {},
      },
      [
        { code: 'deployment.started', level: 'info', message: 'started', at },
        { code: 'deployment.progress', level: 'progress', message: 'still going', at },
      ],
    );
    expect(summary).toMatchInlineSnapshot(`
"## ❌ app in production: app:3 was not deployed

|  |  |
| --- | --- |
| image | <code>repo@sha256:1</code> |

**DeploymentFailed**: The deployment did not reach its end, or AWS rolled it back.

- deployment of app:3: got rolled back; allowed: success; change: mend it

Read the diagnosis that stands above this line; the last stable version is being served or restored.

### killed

Found in stopped task 1. **What to do:** more memory

\`\`\`text
exit 137
\`\`\`

<details><summary>Timeline</summary>

| time (UTC) | event |
| --- | --- |
| 12:00:05 | started |

</details>

"
`);
  });
});

describe('terminal', () => {
  const event = { code: 'x', level: 'progress', message: 'waiting', at: 0 } as const;

  test.each([
    [{ NO_COLOR: '1' }, false],
    [{ FORCE_COLOR: '1' }, true],
    [{}, false],
  ])('%j decides on colours where the stream is no terminal', (env, coloured) => {
    let written = '';
    const stream = { write: (chunk: string) => (written += chunk) };
    terminalRenderer(readEnvironment(env), stream, stream).event(event);
    expect(written.includes('\u001b[')).toBe(coloured);
    expect(written).toContain('… waiting');
    expect(written.endsWith('\n')).toBe(true);
  });

  test.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{}, true],
  ])('%j decides on colours where the stream is a terminal', (env, coloured) => {
    let written = '';
    const stream = { isTTY: true, write: (chunk: string) => (written += chunk) };
    terminalRenderer(readEnvironment(env), stream, stream).event({ ...event, level: 'warning' });
    expect(written.includes('\u001b[')).toBe(coloured);
    expect(written).toContain('▲ waiting');
  });

  test('shows progress in a line of its own where the stream is one', () => {
    let written = '';
    const stream = {
      isTTY: true,
      write: (chunk: string) => (written += chunk),
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
      getWindowSize: () => [80, 24],
      columns: 80,
    };
    const renderer = terminalRenderer(readEnvironment({}), stream, stream);
    renderer.event(event);
    renderer.event({ ...event, message: 'still waiting' });
    renderer.event({ ...event, level: 'success', message: 'done' });
    expect(written).toContain('✔ done');
    expect(written).not.toContain('… waiting');
  });
});

test('a sleep ends when its signal aborts, before or during it', async () => {
  const stop = new AbortController();
  const sleeping = systemClock.sleep(60_000, stop.signal);
  stop.abort();
  await sleeping;
  await systemClock.sleep(60_000, stop.signal);
  const before = systemClock.now();
  await systemClock.sleep(5);
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(4);
});
