import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseWorkflow } from '../../proofs/artefacts';
import { actionStandIns, ArtifactStore } from '../../rehearsal/actions';
import { findProgram, isolation, programsFor, writeProgramStandIns } from '../../rehearsal/programs';
import { checkOut, coneOf, GitHistory, overlay, takeSnapshot } from '../../rehearsal/repository';
import { ACTION_PINS } from '../../workflows';
import { job, lay, removeJobs, repository, run, SHA } from './action-step';

const PATH = process.env.PATH ?? '';

afterAll(removeJobs);

describe('the stand-ins', () => {
  const all = actionStandIns({ repository: repository(), artifacts: new ArtifactStore() });

  test('every pinned action has one, and nothing else does', () => {
    expect([...all.keys()].sort()).toEqual(
      Object.keys(ACTION_PINS)
        .map((name) => name.toLowerCase())
        .sort(),
    );
    for (const [name, { action, limits }] of all) {
      expect(action.toLowerCase()).toBe(name);
      expect(limits).toMatch(/\.$/);
    }
  });

  const emitted = readdirSync('.github/workflows').flatMap((file) => {
    const { jobs: all } = parseWorkflow({
      file,
      text: readFileSync(join('.github/workflows', file), 'utf8'),
    });
    return all.flatMap(({ steps }) =>
      steps.flatMap((step) =>
        step.uses ? [{ file, action: step.uses.action, inputs: step.with, name: step.name }] : [],
      ),
    );
  });

  test.each(emitted)('honour all inputs of "$name" in $file', async ({ action, inputs }) => {
    const on = job();
    // The action fails right after its inputs were read.
    const breaks = new Map([[action, 'inputs were read']]);
    await expect(run(on, action.toLowerCase(), inputs, { breaks })).rejects.toThrow('inputs were read');
    expect(on.annotations).toEqual([]);
  });

  test('warn of an input that the pinned version does not have, whatever its capitals', async () => {
    const on = job();
    await run(on, 'actions/setup-node', { 'Node-Version': '20', 'node-verison': '20' });
    expect(on.outputs['node-version']).toBe('20');
    expect(on.annotations).toHaveLength(1);
    expect(on.annotations[0]?.message).toMatch(
      /^Unexpected input\(s\) 'node-verison', valid inputs are \['architecture'/,
    );
  });

  test('refuse an input that they do not model', async () => {
    await expect(run(job(), 'actions/checkout', { submodules: 'true' })).rejects.toThrow(
      'not rehearsed: actions/checkout with the input "submodules" ("true")',
    );
    await run(job(), 'actions/checkout', { submodules: 'false' });
  });

  test('refuse a missing required input and a malformed boolean', async () => {
    const required = run(job(), 'actions/upload-artifact', {});
    await expect(required).rejects.toThrow('Input required and not supplied: path');
    const malformed = run(job(), 'actions/checkout', { 'persist-credentials': 'no' });
    await expect(malformed).rejects.toThrow('Input does not meet YAML 1.2 "Core Schema" specification');
  });

  test('break on demand, take virtual time, and end when the run is cancelled', async () => {
    const on = job();
    const start = on.clock.now();
    const breaks = new Map([['actions/checkout', 'the disk is full']]);
    await expect(run(on, 'actions/checkout', {}, { breaks })).rejects.toThrow('the disk is full');
    expect(on.clock.now() - start).toBe(2_000);
    on.clock.in(1, () => on.cancel.abort());
    await expect(run(on, 'docker/build-push-action')).rejects.toThrow('The operation was canceled.');
    expect(on.clock.now() - start).toBe(3_000);
  });
});

describe('actions/checkout', () => {
  const tree = repository({ '.lockstep/cli.mjs': 'cli', '.lockstep/a/b': 'x', 'services/list': 'y' });

  test('writes the whole tree, and the commit of the run', async () => {
    const on = job();
    await run(on, 'actions/checkout', { 'persist-credentials': 'false' }, { repository: tree });
    expect(readFileSync(join(on.workspace, 'services/app/Dockerfile'), 'utf8')).toBe('FROM scratch\n');
    expect(on.outputs).toEqual({ ref: 'refs/heads/main', commit: SHA });
    expect(existsSync(join(on.workspace, '.git'))).toBe(false);
    expect(on.log.join()).toContain('not a Git repository');
  });

  test('writes the cone of a sparse checkout: the folder, and files of the root', async () => {
    const on = job();
    const sparse = { 'sparse-checkout': '.lockstep', 'persist-credentials': 'false' };
    await run(on, 'actions/checkout', sparse, { repository: tree });
    expect(readdirSync(on.workspace).sort()).toEqual(['.lockstep', 'README.md']);
    expect(existsSync(join(on.workspace, '.lockstep/a/b'))).toBe(true);
  });

  test('writes what the patterns of a sparse checkout without cone mode name, and nothing of the root', async () => {
    const on = job();
    const patterns = (sparse: string) => ({
      'sparse-checkout': sparse,
      'sparse-checkout-cone-mode': 'false',
      'persist-credentials': 'false',
    });
    const checkOutBy = (sparse: string) =>
      run(on, 'actions/checkout', patterns(sparse), { repository: tree });
    await checkOutBy('/.lockstep/');
    expect(readdirSync(on.workspace)).toEqual(['.lockstep']);
    await checkOutBy('/README.md\n/.lockstep/a/b');
    expect(existsSync(join(on.workspace, '.lockstep/a/b'))).toBe(true);
    expect(readdirSync(on.workspace).sort()).toEqual(['.lockstep', 'README.md']);
    for (const other of ['*.md', '!/README.md', 'README.md'])
      await expect(checkOutBy(other)).rejects.toThrow(
        `not rehearsed: actions/checkout with the pattern ${other}`,
      );
  });

  test('leaves its token behind unless it is told not to, until the job ends', async () => {
    const on = job();
    await run(on, 'actions/checkout', {}, { repository: tree });
    const [, file = ''] = /path = (.*)/.exec(readFileSync(join(on.workspace, '.git/config'), 'utf8')) ?? [];
    expect(readFileSync(file, 'utf8')).toContain(on.masks[0]);
    await on.end();
    expect(existsSync(file)).toBe(false);
  });

  test('leaves nothing of what lay there before, unless it is told to', async () => {
    const on = job();
    const fetched = join(on.workspace, 'sbom.json');
    writeFileSync(fetched, '{}');
    await run(on, 'actions/checkout', { clean: 'false' }, { repository: tree });
    expect(existsSync(fetched)).toBe(true);
    await run(on, 'actions/checkout', {}, { repository: tree });
    expect(existsSync(fetched)).toBe(false);
  });

  test('fails without `contents: read`, for another repository, another ref and a path outside', async () => {
    await expect(run(job({}, {}), 'actions/checkout')).rejects.toThrow(
      "repository 'https://github.com/acme/platform/' not found",
    );
    const other = run(job(), 'actions/checkout', { repository: 'acme/other' });
    await expect(other).rejects.toThrow('not rehearsed: actions/checkout with the repository acme/other');
    await expect(run(job(), 'actions/checkout', { ref: 'dev' })).rejects.toThrow('the ref dev');
    await run(job(), 'actions/checkout', { ref: 'main', path: 'sub' });
    await expect(run(job(), 'actions/checkout', { path: '../out' })).rejects.toThrow('is not under');
  });

  test('makes a full checkout a Git repository in which changes show', async () => {
    const on = job();
    const history = new GitHistory(tree, on.folder, PATH);
    const options = { repository: tree, history };
    await run(on, 'actions/checkout', { 'persist-credentials': 'false' }, options);
    const git = (...words: string[]): string =>
      execFileSync('git', words, { cwd: on.workspace, encoding: 'utf8', env: { PATH, HOME: on.folder } });
    expect(git('diff', '--exit-code')).toBe('');
    writeFileSync(join(on.workspace, 'services/list'), 'changed');
    expect(() => git('diff', '--exit-code', '--quiet')).toThrow();
    const again = job();
    await run(again, 'actions/checkout', { 'persist-credentials': 'false' }, options);
    expect(
      execFileSync('git', ['status', '--short'], { cwd: again.workspace, encoding: 'utf8', env: { PATH } }),
    ).toBe('');
  });
});

describe('the snapshot of the repository', () => {
  test('holds what is tracked or new, not what is ignored or deleted', () => {
    const { folder } = job();
    lay(folder, { '.gitignore': 'out/\n', 'a/kept': '1', 'a/deleted': '1', 'out/made': '1' });
    const git = (...words: string[]): string => execFileSync('git', words, { cwd: folder, encoding: 'utf8' });
    git('init', '--quiet');
    git('add', '--all');
    rmSync(join(folder, 'a/deleted'));
    lay(folder, { 'a/new': '1' });
    expect([...takeSnapshot(folder).files.keys()]).toEqual(['.gitignore', 'a/kept', 'a/new']);
  });

  test('walks a folder that Git does not know, without what was downloaded', () => {
    const { folder } = job();
    lay(folder, { 'a/kept': '1', 'node_modules/x/index.js': '1', 'a/cdk.out/t.json': '1' });
    expect([...takeSnapshot(folder).files.keys()]).toEqual(['a/kept']);
  });

  test('is copied, with single files replaced; modes and links stay', () => {
    const { folder, workspace } = job();
    lay(folder, { 'source/run.sh': 'old', 'source/plain': 'same' });
    execFileSync('chmod', ['755', join(folder, 'source/run.sh')]);
    execFileSync('ln', ['-s', 'plain', join(folder, 'source/link')]);
    const snapshot = overlay(takeSnapshot(join(folder, 'source')), { 'run.sh': 'echo new\n', added: 'yes' });
    expect(checkOut(snapshot, workspace)).toBe(4);
    expect(execFileSync(join(workspace, 'run.sh'), { encoding: 'utf8', shell: '/bin/sh' })).toBe('new\n');
    writeFileSync(join(workspace, 'link'), 'through the link');
    expect(readFileSync(join(workspace, 'plain'), 'utf8')).toBe('through the link');
    expect(readFileSync(join(folder, 'source/plain'), 'utf8')).toBe('same');
    expect(readFileSync(join(folder, 'source/run.sh'), 'utf8')).toBe('old');
  });

  test.each([
    ['.lockstep', ['README.md', '.lockstep/cli.mjs'], ['services/list', '.lockstep-old/x']],
    [
      '/services/app/',
      ['README.md', 'services/list', 'services/app/src/a'],
      ['services/other/b', '.lockstep/cli.mjs'],
    ],
  ])('the cone of %s', (folder, inside, outside) => {
    const includes = coneOf([folder]);
    expect(inside.filter((path) => !includes(path))).toEqual([]);
    expect(outside.filter(includes)).toEqual([]);
  });
});

describe('programs', () => {
  test('a job finds the allowed ones and no others', () => {
    const { folder } = job();
    const programs = programsFor(join(folder, 'programs'), PATH);
    expect(programs.found).toEqual(expect.arrayContaining(['node', 'bash', 'sed', 'git']));
    const call = (script: string) =>
      spawnSync('bash', ['-c', script], { env: { PATH: programs.folder }, encoding: 'utf8' });
    expect(call('node -p 1+1 | sed s/2/two/').stdout).toBe('two\n');
    expect(call('perl -e 1').status).toBe(127);
    expect(call('curl http://127.0.0.1').stderr).toContain('command not found');
    expect(findProgram('perl-that-nobody-has', PATH)).toBeUndefined();
  });

  test("the one behind pyenv's shim is taken", () => {
    const { folder } = job();
    lay(folder, {
      'shims/aws': 'shim',
      'versions/3.11.7/bin/aws': 'real',
      'versions/3.12.1/bin/python': 'other',
    });
    execFileSync('chmod', ['-R', '755', folder]);
    expect(findProgram('aws', join(folder, 'shims'))).toBe(join(folder, 'versions/3.11.7/bin/aws'));
  });

  test('a stand-in says what was not run, and fails when a fault names its command line', () => {
    const { folder } = job();
    writeProgramStandIns(folder, ['python'], { faults: [{ contains: "-m pytest 'x'", exitCode: 4 }] });
    const call = (...words: string[]) =>
      spawnSync(join(folder, 'python'), words, { encoding: 'utf8', env: { PATH } });
    expect(call('-m', 'pip')).toMatchObject({ status: 0, stdout: 'rehearsed, not run: python -m pip\n' });
    expect(call('-m', 'pytest', "'x'")).toMatchObject({
      status: 4,
      stderr: "fails in this rehearsal: python -m pytest 'x'\n",
    });
  });

  test('a stand-in lays what the program would have written, where it is called, unless it fails', () => {
    const { folder, workspace } = job();
    const programs = join(folder, 'bin');
    const product = { contains: 'cdk synth', folder: 'cdk.out', files: () => new Map([["it's.json", '{}']]) };
    const faults = [{ contains: 'synth --broken' }];
    writeProgramStandIns(programs, ['npx'], { faults, products: [product] });
    const call = (...words: string[]) =>
      spawnSync(join(programs, 'npx'), words, { cwd: workspace, encoding: 'utf8', env: { PATH } }).status;
    expect([call('cdk', 'diff'), call('cdk', 'synth', '--broken')]).toEqual([0, 1]);
    expect(existsSync(join(workspace, 'cdk.out'))).toBe(false);
    expect(call('cdk', 'synth', '--quiet')).toBe(0);
    expect(readFileSync(join(workspace, "cdk.out/it's.json"), 'utf8')).toBe('{}');
  });

  test('an isolated environment has no way out but loopback, whatever it had before', () => {
    const sealed = isolation({ HTTPS_PROXY: 'http://proxy.example', HOME: '/h' });
    expect(sealed).toMatchObject({
      HOME: '/h',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '127.0.0.1,localhost,::1',
    });
  });

  test.each([
    ['actions/setup-python', 'python-version', ['pip', 'pip3', 'python', 'python3']],
    ['actions/setup-node', 'node-version', ['npm', 'npx']],
    ['actions/setup-go', 'go-version', ['go', 'gofmt']],
    ['docker/setup-buildx-action', 'version', ['docker']],
  ])('%s brings its own', async (action, version, programs) => {
    const on = job();
    await run(on, action, { [version]: '3.11' }, { programs: { faults: [{ contains: 'broken' }] } });
    const [folder = ''] = on.path;
    expect(readdirSync(folder).sort()).toEqual(programs);
    expect(spawnSync(join(folder, programs[0]!), ['broken'], { env: { PATH } }).status).toBe(1);
  });

  test('a cache needs its file, and a version its own', async () => {
    const inputs = {
      'python-version': '3.11',
      cache: 'pip',
      'cache-dependency-path': 'services/app/requirements.txt',
    };
    const missing = run(job(), 'actions/setup-python', inputs);
    await expect(missing).rejects.toThrow('matched to [services/app/requirements.txt]');
    const on = job();
    lay(on.workspace, { 'services/app/requirements.txt': '', '.python-version': '3.12\n' });
    await run(on, 'actions/setup-python', inputs);
    expect(on.outputs).toMatchObject({ 'python-version': '3.11', 'cache-hit': 'false' });
    await run(on, 'actions/setup-python', { 'python-version-file': '.python-version' });
    expect(on.outputs['python-version']).toBe('3.12');
    const file = run(on, 'actions/setup-python', { 'python-version-file': 'nowhere' });
    await expect(file).rejects.toThrow('does not exist');
  });
});

describe('artifacts', () => {
  test('travel between jobs of a run', async () => {
    const artifacts = new ArtifactStore();
    const [from, to] = [job(), job()];
    lay(from.workspace, { 'out/report.json': '{}', 'out/deep/x': 'y', 'out/.hidden': 'h', 'sbom.json': 's' });
    await run(from, 'actions/upload-artifact', { name: 'sbom', path: 'sbom.json' }, { artifacts });
    await run(from, 'actions/upload-artifact', { path: 'out' }, { artifacts });
    expect(from.outputs['artifact-id']).toBe('2');
    await run(to, 'actions/download-artifact', { name: 'sbom' }, { artifacts });
    expect(readFileSync(join(to.workspace, 'sbom.json'), 'utf8')).toBe('s');
    await run(to, 'actions/download-artifact', { path: 'all' }, { artifacts });
    expect(readFileSync(join(to.workspace, 'all/artifact/deep/x'), 'utf8')).toBe('y');
    expect(existsSync(join(to.workspace, 'all/artifact/.hidden'))).toBe(false);
    await run(
      to,
      'actions/download-artifact',
      { pattern: 'sb*', path: 'some', 'merge-multiple': 'true' },
      { artifacts },
    );
    expect(readdirSync(join(to.workspace, 'some'))).toEqual(['sbom.json']);
  });

  test('of a pattern lie in a folder each, and a single one without', async () => {
    const artifacts = new ArtifactStore();
    const [from, to] = [job(), job()];
    lay(from.workspace, { 'gpu-check.json': '{}' });
    const upload = (name: string) =>
      run(from, 'actions/upload-artifact', { name, path: 'gpu-check.json' }, { artifacts });
    const download = (path: string) =>
      run(to, 'actions/download-artifact', { pattern: 'gpu-check-*', path }, { artifacts });
    await upload('report');
    await download('none');
    await upload('gpu-check-12.1.1');
    await download('one');
    await upload('gpu-check-12.6.3');
    await download('two');
    expect(existsSync(join(to.workspace, 'none'))).toBe(false);
    expect(readdirSync(join(to.workspace, 'one'))).toEqual(['gpu-check.json']);
    expect(readdirSync(join(to.workspace, 'two')).sort()).toEqual(['gpu-check-12.1.1', 'gpu-check-12.6.3']);
  });

  test('are taken by a wildcard in the last part of a path', async () => {
    const artifacts = new ArtifactStore();
    const on = job();
    lay(on.workspace, { 'out/a.template.json': 'a', 'out/b.template.json': 'b', 'out/tree.json': 't' });
    await run(on, 'actions/upload-artifact', { path: 'out/*.template.json' }, { artifacts });
    expect([...(artifacts.find('artifact')?.files.keys() ?? [])]).toEqual([
      'a.template.json',
      'b.template.json',
    ]);
    const nothing = { path: 'none/*.json', name: 'none', 'if-no-files-found': 'error' };
    await expect(run(on, 'actions/upload-artifact', nothing, { artifacts })).rejects.toThrow(
      'No files were found',
    );
  });

  test('of one name are refused, unless the second may replace the first', async () => {
    const artifacts = new ArtifactStore();
    const on = job();
    lay(on.workspace, { a: '1' });
    const upload = (more: Record<string, string> = {}) =>
      run(on, 'actions/upload-artifact', { path: 'a', ...more }, { artifacts });
    await upload();
    await expect(upload()).rejects.toThrow('(409) Conflict: an artifact with this name already exists');
    await upload({ overwrite: 'true' });
    await expect(upload({ name: 'a/b' })).rejects.toThrow('The artifact name is not valid: a/b');
    await expect(upload({ path: '**/*.json' })).rejects.toThrow('not rehearsed');
  });

  test('that are missing fail, or are only warned of', async () => {
    const on = job();
    const upload = (more: Record<string, string> = {}) =>
      run(on, 'actions/upload-artifact', { path: 'gone', ...more });
    await expect(upload({ 'if-no-files-found': 'error' })).rejects.toThrow(
      'No files were found with the provided path: gone',
    );
    await upload();
    expect(on.annotations.map(({ level }) => level)).toEqual(['warning']);
    await expect(run(on, 'actions/download-artifact', { name: 'sbom' })).rejects.toThrow(
      'Artifact not found for name: sbom',
    );
    await expect(run(on, 'actions/download-artifact', { 'run-id': '3' })).rejects.toThrow('not rehearsed');
  });
});

describe('github/codeql-action/upload-sarif', () => {
  const ACTION = 'github/codeql-action/upload-sarif';
  const sarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Trivy' } }, results: [] }] };
  const upload = (text: string, permissions = { 'security-events': 'write' }, file = 't.sarif') => {
    const on = job({}, permissions);
    lay(on.workspace, { 't.sarif': text, 'empty/readme': '' });
    return run(on, ACTION, { sarif_file: file, category: 'image' }).then(() => on);
  };

  test('takes a valid file', async () => {
    const on = await upload(JSON.stringify(sarif));
    expect(on.outputs['sarif-id']).toBe('rehearsal-1');
  });

  test('refuses what code scanning would', async () => {
    await expect(upload('{')).rejects.toThrow('Invalid SARIF. JSON syntax error');
    await expect(upload(JSON.stringify({ ...sarif, version: '2.0.0' }))).rejects.toThrow(
      'not valid SARIF:\n- version',
    );
    await expect(upload(JSON.stringify(sarif), { 'security-events': 'read' })).rejects.toThrow(
      'Resource not accessible',
    );
    await expect(upload('{}', undefined, 'gone.sarif')).rejects.toThrow('Path does not exist: gone.sarif');
    await expect(upload('{}', undefined, 'empty')).rejects.toThrow(
      'No SARIF files found to upload in "empty"',
    );
  });
});
