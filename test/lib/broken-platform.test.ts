import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const SOURCES = [
  'bin',
  'cli',
  'constructs',
  'contract',
  'lib',
  'projenrc',
  'proofs',
  'runbook',
  'runtime',
  'workflows',
];
const FILES = ['.projenrc.ts', 'package.json', 'tsconfig.json'];
/** Milliseconds for a process on a busy machine. */
const LIMIT = 180_000;

// A checkout of its own, with a platform file that asks for an environment that nobody declared.
const checkout = mkdtempSync(join(tmpdir(), 'lockstep-broken-'));
afterAll(() => rmSync(checkout, { recursive: true }));
for (const name of [...SOURCES, ...FILES])
  cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
const sample = readFileSync(join(ROOT, 'test/fixtures/sample-platform.ts'), 'utf8');
writeFileSync(
  join(checkout, 'platform.config.ts'),
  sample.replaceAll("name: 'production'", "name: 'Prod'").replace("'../../lib'", "'./lib'"),
);

/** Every file with its text. */
const filesOf = () =>
  new Map(
    readdirSync(checkout, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, 'utf8')]),
  );

function run(
  script: string,
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: checkout, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', script], { cwd: checkout, env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const before = filesOf();
const runs = ['.projenrc.ts', 'bin/app.ts'].map((script) => [script, run(script)] as const);

test.each(runs)(
  '%s names the faults of a broken platform file, ends with 2 and writes nothing',
  async (_, running) => {
    const { status, stdout, stderr } = await running;
    expect(stderr).toContain('environments[2].name: got "Prod"; allowed: lower-case letters');
    expect(stderr).toMatch(/Nothing was written\. .*\n$/);
    // A user's mistake is no crash, neither of this process nor of the bundler beside it.
    expect(stderr).not.toMatch(/^\s+at |goroutine|fatal error/m);
    expect(stdout).toBe('');
    expect(status).toBe(2);
    await Promise.all(runs.map(([, other]) => other));
    expect(filesOf()).toEqual(before);
  },
  LIMIT,
);
