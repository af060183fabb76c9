import { parse } from 'yaml';
import { planPipelines, renderWorkflow } from '../../workflows';
import { combinationsOf } from '../../rehearsal/github/matrix';
import { manifest } from '../fixtures/manifest';
import { GPU_CHECK, gpuChecked } from './gpu-checked';
import { actionsOf, commandLines, edges, inputsOf, jobOf, permissionsOf, planOf, stepNames } from './planned';

const FILE = 'kvs-infer-gpu-compatibility.yml';
const { uri } = GPU_CHECK.image.repository;

describe('the regular check of a GPU stack', () => {
  const plan = planOf(gpuChecked(), FILE);
  const check = jobOf(plan, 'check');
  const report = jobOf(plan, 'report');

  test('A10 runs every week, and by hand with an instance type from a list', () => {
    expect(plan.triggers).toEqual({
      schedule: '17 4 * * 1',
      dispatch: {
        inputs: {
          'instance-type': {
            type: 'choice',
            description: expect.any(String),
            options: ['g4dn.xlarge', 'g4dn.2xlarge'],
            default: 'g4dn.xlarge',
          },
        },
      },
    });
    expect(check.steps.find(({ id }) => id === 'check')?.env).toMatchObject({
      INSTANCE_TYPE: "${{ inputs.instance-type || 'g4dn.xlarge' }}",
    });
  });

  test('A10 tries every combination but those that are excluded, each with its reason', () => {
    expect(check.matrix?.axes).toEqual({
      cuda: GPU_CHECK.matrix.cuda,
      driver: GPU_CHECK.matrix.driver,
      pytorch: GPU_CHECK.matrix.pytorch,
    });
    expect(check.matrix?.exclude).toEqual([
      {
        values: { cuda: '12.2.0' },
        reason: ['PyTorch 2.3 has no build for CUDA 12.2.', 'PyTorch 2.9 has none either'],
      },
      {
        values: { cuda: '12.1.1', pytorch: '2.9.0' },
        reason: ['PyTorch 2.9.0 has no build for CUDA 12.1'],
      },
      {
        values: { cuda: '12.6.3', driver: '525.85.12', pytorch: '2.3.1' },
        reason: ['PyTorch 2.3.1 has no build for CUDA 12.6'],
      },
    ]);
    const { jobs } = parse(renderWorkflow(plan)) as {
      readonly jobs: { readonly check: { readonly strategy: { readonly matrix: unknown } } };
    };
    const combinations = combinationsOf(jobs.check.strategy.matrix);
    expect(combinations).toHaveLength(3 * 2 * 3 - 6 - 2 - 1);
    expect(combinations).toContainEqual({ cuda: '12.6.3', driver: '580.159.03', pytorch: '2.3.1' });
    expect(combinations.filter(({ cuda }) => cuda === '12.2.0')).toEqual([]);
  });

  test('A10 names no exclusion where every combination may work', () => {
    const whole = gpuChecked({ matrix: { ...GPU_CHECK.matrix, exclude: [] } });
    expect(renderWorkflow(planOf(whole, FILE))).not.toContain('exclude');
  });

  test('A10 says at its head what counts as tested', () => {
    expect(renderWorkflow(plan)).toContain(
      '# The host has the driver of its machine image: a combination with another driver counts as declared by the reviewed\n' +
        '# tables, not as tested.\n',
    );
  });

  test('A10 goes on after a combination that failed, and never has two that want the same instance', () => {
    expect(renderWorkflow(plan)).toContain('      fail-fast: false\n      max-parallel: 1\n');
    expect(plan.concurrency).toEqual({ group: 'kvs-infer-gpu-compatibility', cancelInProgress: false });
    // In one group, a third combination would take the place of the second.
    expect(check.concurrency.group).toContain('${{ strategy.job-index }}');
  });

  test('A10 builds each combination as an image of its own, which no other one can be mistaken for', () => {
    const [build] = inputsOf(check, 'docker/build-push-action');
    expect(build).toEqual({
      context: 'services/kvs-infer/gpu-check',
      file: 'services/kvs-infer/gpu-check/Dockerfile',
      platforms: 'linux/amd64',
      'build-args': 'CUDA=${{ matrix.cuda }}\nPYTORCH=${{ matrix.pytorch }}\n',
      push: true,
      tags: `${uri}:\${{ github.run_id }}-\${{ github.run_attempt }}-cuda\${{ matrix.cuda }}-driver\${{ matrix.driver }}-pytorch\${{ matrix.pytorch }}`,
      provenance: false,
      sbom: false,
    });
    expect(stepNames(check)).toEqual([
      'Check out the repository',
      'Sign in to AWS',
      'Log in to the image registry',
      'Set up Buildx',
      'Build and push kvs-infer-gpu-check',
      'Run it on a GPU',
      'Keep the result',
    ]);
  });

  test('A10 runs the digest that was built, through the command', () => {
    expect(commandLines(check)).toEqual([
      'exec node .lockstep/cli.mjs gpu-check run kvs-infer --cuda "$CUDA" --driver "$DRIVER" --pytorch "$PYTORCH" --instance-type "$INSTANCE_TYPE" --image "$IMAGE" --output gpu-check.json',
    ]);
    expect(check.steps.find(({ id }) => id === 'check')?.env).toMatchObject({
      CUDA: '${{ matrix.cuda }}',
      DRIVER: '${{ matrix.driver }}',
      PYTORCH: '${{ matrix.pytorch }}',
      IMAGE: `${uri}@\${{ steps.build.outputs.digest }}`,
    });
  });

  test('A10 signs in with the role of the check, and calls what that role is granted', () => {
    expect([check.environment, check.role, check.timeoutMinutes]).toEqual([
      'staging',
      { id: 'kvs-infer-gpu-check', sessionMinutes: 65 },
      65,
    ]);
    expect(permissionsOf(check)).toEqual(['contents: read', 'id-token: write']);
    const granted = [...GPU_CHECK.calls.build, ...GPU_CHECK.calls.run].map(({ action }) => action);
    expect(actionsOf([check])).toEqual([...new Set(granted)].sort());
  });

  test('A11 keeps what each combination came to, whatever that is, under a name of its own', () => {
    const keep = check.steps.at(-1);
    expect(keep?.condition).toBe("always() && steps.check.outcome != 'skipped'");
    expect(inputsOf(check, 'actions/upload-artifact')).toEqual([
      {
        name: 'gpu-check-${{ matrix.cuda }}-${{ matrix.driver }}-${{ matrix.pytorch }}',
        path: 'gpu-check.json',
        'if-no-files-found': 'error',
      },
    ]);
  });

  test('A11 reports on all of them, failed ones too, in a job that never reaches AWS', () => {
    expect(edges(plan)).toEqual({ check: [], report: ['check'] });
    expect(report.condition).toBe("always() && needs.check.result != 'skipped'");
    expect([report.role, report.environment]).toEqual([undefined, undefined]);
    expect(permissionsOf(report)).toEqual(['contents: read']);
    expect(inputsOf(report, 'actions/download-artifact')).toEqual([
      { pattern: 'gpu-check-*', path: '${{ runner.temp }}/gpu-check' },
    ]);
    expect(commandLines(report)).toEqual([
      'exec node .lockstep/cli.mjs gpu-check report kvs-infer --results "$RESULTS" --output gpu-compatibility',
    ]);
    expect(inputsOf(report, 'actions/upload-artifact')).toEqual([
      { name: 'gpu-compatibility-report', path: 'gpu-compatibility', 'if-no-files-found': 'error' },
    ]);
    // Else the next run's report would be taken for a result of a combination.
    expect('gpu-compatibility-report'.startsWith('gpu-check-')).toBe(false);
  });

  test('A10 is there for workloads that have one, and changes no file of theirs', () => {
    const texts = (plans: ReturnType<typeof planPipelines>) =>
      plans.map((each) => [each.file, renderWorkflow(each)] as const);
    const without = texts(planPipelines(manifest()));
    const withIt = texts(planPipelines(gpuChecked()));
    expect(withIt.filter(([file]) => !file.endsWith(FILE))).toEqual(without);
    expect(withIt).toHaveLength(without.length + 1);
  });
});
