import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { addProve } from '../../cli/add-prove';
import { hasFindings, type ProofReport, proofReport, renderProofs } from '../../cli/prove';
import { readRepository } from '../../cli/read-artefacts';
import { encodeManifest, LockstepError, MANIFEST_PATH } from '../../contract';
import { PROOF_CODES, PROOFS, readForProofs } from '../../proofs';
import { editJob, type Sources, sources } from '../proofs/sample';
import { runCommand } from './run-command';

const ROOT = join(__dirname, '../..');
const DEPLOY = '.github/workflows/kvs-infer-deploy.yml';
/** A file that is generated with the stacks. */
const RENDERED = { path: 'k8s/shop/staging/10-base/namespace.yaml', text: 'kind: Namespace\n' };
const scratch = mkdtempSync(join(tmpdir(), 'lockstep-prove-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const reportOf = async (sample: Sources): Promise<ProofReport> => proofReport(await readForProofs(sample));
const textOf = (report: ProofReport): string => renderProofs(report, pc.createColors(false));

/** The sample with a job that gets no token. */
function withoutToken(): Sources {
  const sample = sources();
  editJob(sample, DEPLOY, 'deploy-staging', /\n {6}id-token: write[^\n]*/, '');
  return sample;
}

/** Writes the committed files of a repository. */
function write(root: string, { manifest, workflows, files }: Sources): void {
  const others = [
    { file: MANIFEST_PATH, text: encodeManifest(manifest) },
    ...[RENDERED, ...files].map(({ path, text }) => ({ file: path, text })),
  ];
  for (const { file, text } of [...workflows, ...others]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

describe('the report', () => {
  test('is a row for each proof with its count and claim, and a row for each role', async () => {
    const report = await reportOf(sources());
    const text = textOf(report);
    const rows = text.split('\n').filter((line) => line.startsWith('✔ '));
    expect(rows.map((row) => row.slice(2, 5))).toEqual([...PROOF_CODES]);
    for (const [index, { name, claim, checked }] of report.proofs.entries()) {
      expect(rows[index]).toMatch(new RegExp(`^✔ P\\d\\d ${name} +${checked} checked  `));
      expect(rows[index]?.endsWith(claim)).toBe(true);
      expect(checked).toBeGreaterThan(0);
    }
    expect(hasFindings(report)).toBe(false);
    expect(report.roles.map(({ role }) => role).sort()).toEqual(
      sources()
        .manifest.roles.map(({ name }) => name)
        .sort(),
    );
    for (const { role, calls, covered, grants, used } of report.roles) {
      expect([covered, used]).toEqual([calls, grants]);
      expect(text).toMatch(
        new RegExp(`${role} +${calls} of ${calls} calls allowed, ${grants} of ${grants} grants used`),
      );
    }
  });

  test('says where a finding is, what is there, what is allowed and the change', async () => {
    const report = await reportOf(withoutToken());
    expect(hasFindings(report)).toBe(true);
    const signIn = report.proofs.find(({ code }) => code === 'P02');
    const [finding] = signIn?.findings ?? [];
    expect(finding).toMatchObject({
      code: 'P02',
      place: expect.stringMatching(/^\.github\/workflows\/kvs-infer-deploy\.yml:\d+ deploy-staging/),
      value: 'id-token: none',
    });
    const text = textOf(report);
    expect(text).toContain(
      [
        `P02 ${finding?.place}`,
        `  got      ${finding?.value}`,
        `  allowed  ${finding?.allowed}`,
        `  change   ${finding?.change}`,
      ].join('\n'),
    );
    expect(text).toMatch(new RegExp(`^✖ P02 .* ${signIn?.findings.length} found`, 'm'));
  });

  test('names its notes with the proof that has them', async () => {
    const report = await reportOf(sources());
    const said = 'what is lost';
    const noted = {
      ...report,
      proofs: report.proofs.map((proof) => (proof.code === 'P03' ? { ...proof, notes: [said] } : proof)),
    };
    expect(textOf(noted)).toContain(`Notes\n  P03 ${said}`);
    const none = { ...report, proofs: report.proofs.map((proof) => ({ ...proof, notes: [] })) };
    expect(textOf(none)).not.toContain('Notes');
  });
});

describe('--explain', () => {
  test.each(PROOFS)('$code, in either case', async ({ code, name, claim, why, reads, limits }) => {
    const text = await runCommand(['prove', '--explain', code.toLowerCase()], addProve);
    expect([text.code, text.stderr]).toEqual([0, '']);
    for (const said of [`${code} ${name}`, claim, why, ...reads, limits]) expect(text.stdout).toContain(said);
    const json = await runCommand(['prove', '--explain', code, '--json'], addProve);
    expect(JSON.parse(json.stdout)).toEqual({ code, name, claim, why, reads, limits });
  });

  test('of an unknown code is wrong usage, and names the known ones', async () => {
    const { code, stdout, stderr } = await runCommand(['prove', '--explain', 'P13'], addProve);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `InvalidArgument: --explain: got "P13"; allowed: ${PROOF_CODES.join(', ')}; change: name one of the proofs\n`,
    );
  });
});

describe('the repository', () => {
  const root = join(scratch, 'repository');
  const read = () => readRepository(root, { ...sources(), files: [RENDERED] });
  const refusal = (): LockstepError => {
    try {
      read();
    } catch (error) {
      if (LockstepError.is(error)) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };
  beforeEach(() => write(root, sources()));
  afterEach(() => rmSync(root, { recursive: true }));

  test('is read as it is committed, edits of workflows included', async () => {
    expect(read()).toEqual(sources());
    write(root, withoutToken());
    expect(hasFindings(await reportOf({ ...sources(), workflows: [...read().workflows] }))).toBe(true);
  });

  test.each<[string, string, string, () => void]>([
    ['a missing manifest', MANIFEST_PATH, 'no readable file', () => rmSync(join(root, MANIFEST_PATH))],
    [
      'another manifest',
      MANIFEST_PATH,
      'another manifest',
      () => {
        const file = join(root, MANIFEST_PATH);
        writeFileSync(file, readFileSync(file, 'utf8').replace('octo-org', 'other-org'));
      },
    ],
    ['a missing workflow', DEPLOY, 'no readable file', () => rmSync(join(root, DEPLOY))],
    [
      'E09 a rendered file that was edited by hand',
      RENDERED.path,
      'another text',
      () => writeFileSync(join(root, RENDERED.path), 'kind: Pod\n'),
    ],
  ])('%s is refused: the proofs would speak of files that nobody runs', (_, place, value, change) => {
    change();
    const { code, exitCode, faults } = refusal();
    expect([code, exitCode]).toEqual(['NotRegenerated', 2]);
    expect(faults).toEqual([
      { place, value, allowed: 'what the platform file gives', change: 'run `npx projen`' },
    ]);
  });
});

test('the process ends with 1 on findings, and prints one document with the documented shape', () => {
  // A repository of its own, so that the files of this one stay as they are.
  const root = join(scratch, 'whole');
  for (const part of [
    'bin',
    'cli',
    'constructs',
    'contract',
    'lib',
    'proofs',
    'rehearsal',
    'runbook',
    'runtime',
    'services',
    'workflows',
    'test/fixtures',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(
    join(root, 'platform.config.ts'),
    "export { default } from './test/fixtures/sample-platform';\n",
  );
  write(root, withoutToken());
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tsx, join(root, 'bin/lockstep.ts'), 'prove', '--json'],
    { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: scratch, TMPDIR: scratch } },
  );
  expect([status, stderr]).toEqual([1, '']);
  const { proofs, roles } = JSON.parse(stdout) as ProofReport;
  expect(proofs.map(({ code }) => code)).toEqual([...PROOF_CODES]);
  for (const proof of proofs) {
    expect(Object.keys(proof)).toEqual(expect.arrayContaining(['code', 'claim', 'checked', 'findings']));
  }
  const findings = proofs.flatMap((proof) => proof.findings);
  expect(findings.map(({ code }) => code)).toContain('P02');
  for (const finding of findings) {
    expect(Object.keys(finding)).toEqual(['code', 'place', 'value', 'allowed', 'change']);
  }
  for (const role of roles) expect(Object.keys(role)).toEqual(['role', 'calls', 'covered', 'grants', 'used']);
}, 60_000);
