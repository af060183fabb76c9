import { addGpuMatrix } from '../../cli/add-gpu-matrix';
import { matrixOf, REVIEWED_AXES } from '../../constructs/gpu-compatibility';
import { runCommand } from './run-command';

const gpuMatrix = (...argv: readonly string[]) => runCommand(['gpu-matrix', ...argv], addGpuMatrix);

test('prints the reviewed tables with their sources, then every combination and why', async () => {
  const { code, stdout, stderr } = await gpuMatrix();
  expect([code, stderr]).toEqual([0, '']);
  for (const line of [
    '  12.1.1  >= 530.30.02',
    '  12.3.2  unknown',
    '  12.x  >= 525.60.13  >= 5.0',
    '  2.4      11.8, 12.1, 12.4 (experimental)           unknown',
    '  T4    7.5                 g4dn',
    '  R580    long-term support   2028-06',
    '  Amazon Linux 2023 GPU  580.159.03  2029-06-30',
    '  g4dn.xlarge    1     0.526',
    '  12.1.0  2.4.0    minor              packaged           packaged           packaged           packaged',
    '  10     build   PyTorch 2.9 has no build for CUDA 12.1; it has builds for 12.6, 12.8, 13.0',
  ]) {
    expect(stdout.split('\n')).toContain(line);
  }
  expect(stdout).toContain('https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html (2026-');
});

test('--json prints the matrix of GitHub beside every judged combination', async () => {
  const { code, stdout } = await gpuMatrix('--json');
  expect(code).toBe(0);
  const { matrix, cells, gpu, reviewed } = JSON.parse(stdout) as Record<string, unknown>;
  const expected = matrixOf(REVIEWED_AXES);
  expect(gpu).toBe('T4');
  expect(matrix).toEqual(expected.github);
  expect(cells).toEqual(expected.cells);
  expect(Object.keys(reviewed as object)).toContain('toolkits');
});

test('combines only the versions that are named', async () => {
  const { stdout } = await gpuMatrix(
    '--cuda',
    'v12.4.1',
    '--driver',
    '550.163.01',
    '580.159.03',
    '--pytorch',
    '2.5.1',
  );
  expect(stdout).toContain('2 of 2 supported');
  expect(stdout).not.toContain('Instance prices');
});

test('--explain tells one combination with its sources, and ends with 0 whatever the verdict', async () => {
  const refused = await gpuMatrix('--explain', '12.2.0/525.85.12/2.4.0');
  expect(refused.code).toBe(0);
  expect(refused.stdout).toContain('PyTorch 2.4.0 on T4: unsupported (no: build)');
  expect(refused.stdout).toMatch(/pytorchBuild +PyTorch 2.4 has no build for CUDA 12.2.*RELEASE\.md/);
  expect(refused.stdout).toMatch(/Amazon Linux 2023 GPU +580\.159\.03 +declared/);

  const open = await gpuMatrix('--explain', '12.1.1/580.159.03/2.4.0', '--gpu', 'A10G', '--json');
  expect(JSON.parse(open.stdout)).toMatchObject({
    cell: { cuda: '12.1.1', gpu: 'A10G' },
    judgement: { verdict: 'unknown', because: [{ rule: 'computeCapability' }] },
    hosts: [{ shows: 'declared' }, { shows: 'tested' }],
  });
});

test('--markdown prints tables for a step summary', async () => {
  const { stdout } = await gpuMatrix('--markdown');
  expect(stdout).toContain('\n### PyTorch builds\n');
  expect(stdout).toContain('\n| 2.5 | 11.8, 12.1, 12.4 | 12.4 |\n');
  for (const row of stdout.split('\n').filter((line) => line.startsWith('|'))) expect(row).toMatch(/ \|$/);
  const one = await gpuMatrix('--markdown', '--explain', '12.1.1/525.85.12/2.4.0');
  expect(one.stdout).toContain('## CUDA 12.1.1, driver 525.85.12, PyTorch 2.4.0 on T4: supported (minor)');
});

test.each([
  [['--explain', '12.1.1/2.4.0'], '--explain: got "12.1.1/2.4.0"'],
  [['--explain', '12.1/new/2.4.0'], 'driver: got "new"'],
  [['--driver', '525'], 'driver: got "525"'],
  [['--gpu', 'H100'], 'T4, A10G, V100'],
  [['--markdown', '--json'], '--json'],
  [['--explain', '12.1.1/525.85.12/2.4.0', '--cuda', '12.1.1'], '--cuda'],
])('wrong usage ends with 2 and says why: %j', async (argv, message) => {
  const { code, stdout, stderr } = await gpuMatrix(...argv);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('--help has an example, the JSON and the exit codes', async () => {
  const { code, stdout } = await gpuMatrix('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('$ npx lockstep gpu-matrix --explain 12.2.0/525.85.12/2.4.0');
  expect(stdout).toMatch(/Exit code:\n +0 .*\n +2 /);
});
