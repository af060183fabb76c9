import type { DeployManifest } from '../../contract';
import { planPipelines, type PipelinePlan } from '../../workflows';
import { manifest, withWorkload } from '../fixtures/manifest';
import { byPromotion, CHECKS } from './by-promotion';
import {
  actionsOf,
  commandLines,
  commandsOf,
  edges,
  inputsOf,
  jobOf,
  permissionsOf,
  planOf,
  pythonOf,
  scriptsOf,
  stepNames,
} from './planned';

const THREE = ['staging', 'production', 'canada'];
const PATHS = ['services/bikeshare/**', 'platform.config.ts'];
const BUCKET = 's3://ml-platform-bikeshare-models-222222222222';
const REPOSITORY = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/bikeshare';

const filesOf = (whole: DeployManifest) =>
  planPipelines(whole).map(({ file }) => file.replace('.github/workflows/', ''));
const ciOf = (whole = byPromotion()) => planOf(whole, 'bikeshare-ci.yml');
const stagingOf = (whole = byPromotion()) => planOf(whole, 'bikeshare-cd-staging.yml');
const promotionOf = (whole = byPromotion(), to = 'production') =>
  planOf(whole, `bikeshare-promote-${to}.yml`);
const reaching = (plan: PipelinePlan) => plan.jobs.filter(({ role }) => role).map(({ id }) => id);

test.each<[string, DeployManifest, readonly string[]]>([
  [
    'checks, a delivery, a promotion and a rollback',
    byPromotion(),
    ['ci', 'cd-staging', 'promote-production', 'rollback'],
  ],
  [
    'a promotion to each environment after the first',
    byPromotion({ environments: THREE }),
    ['ci', 'cd-staging', 'promote-production', 'promote-canada', 'rollback'],
  ],
  [
    'no promotion where there is one environment',
    byPromotion({ environments: ['staging'] }),
    ['ci', 'cd-staging', 'rollback'],
  ],
  [
    'no checks where none are declared',
    byPromotion({ checks: undefined }),
    ['cd-staging', 'promote-production', 'rollback'],
  ],
])('a workload by promotion has %s', (_, whole, pipelines) => {
  expect(filesOf(whole)).toEqual([
    ...pipelines.map((pipeline) => `bikeshare-${pipeline}.yml`),
    'ci.yml',
    'delivery-metrics.yml',
  ]);
});

describe('the checks', () => {
  test('B01 start for every pull request and push, so that they can be required', () => {
    expect(ciOf().triggers).toEqual({ push: { branches: ['main'] }, pullRequest: { branches: ['main'] } });
  });

  test('B01 look at the sources with five tools, each of which fails the job', () => {
    const job = jobOf(ciOf(), 'quality');
    expect(scriptsOf(job).slice(1)).toEqual([
      'python -m ruff check --output-format=github .',
      'python -m black --check .',
      'python -m pytest --cov --cov-fail-under=80',
      'python -m bandit --quiet --configfile pyproject.toml --recursive .',
      'python -m pip_audit --strict --require-hashes --disable-pip --requirement requirements.txt',
    ]);
    for (const step of job.steps.slice(3)) {
      expect(step).toMatchObject({ kind: 'run', workingDirectory: 'services/bikeshare' });
      expect(step.condition).toBeUndefined();
    }
    expect(job).toMatchObject({ needs: [], permissions: [{ scope: 'contents', access: 'read' }] });
    expect(job.condition).toBeUndefined();
  });

  test('B01 leave out what was excepted, and nothing else', () => {
    const checks = {
      coverage: 95,
      audited: ['services/bikeshare/locked/a.txt', 'services/shared.txt'],
      exceptedVulnerabilities: ['GHSA-aaaa-bbbb-cccc'],
      securityBaseline: 'bandit baseline.json',
    };
    const scripts = scriptsOf(jobOf(ciOf(byPromotion({ checks })), 'quality')).slice(-3);
    expect(scripts).toEqual([
      'python -m pytest --cov --cov-fail-under=95',
      "python -m bandit --quiet --configfile pyproject.toml --recursive --baseline 'bandit baseline.json' .",
      'python -m pip_audit --strict --require-hashes --disable-pip --requirement locked/a.txt --requirement ../shared.txt --ignore-vuln GHSA-aaaa-bbbb-cccc',
    ]);
  });

  test('B01 of a newer commit of a pull request take the place of the older one, never of another one', () => {
    const jobs = ['quality', 'infrastructure'].map((id) => jobOf(ciOf(), id).concurrency);
    expect(jobs).toEqual(
      ['quality', 'infrastructure'].map((task) => ({
        group: `bikeshare-${task}-\${{ github.event.pull_request.number || github.sha }}`,
        cancelInProgress: "${{ github.event_name == 'pull_request' }}",
      })),
    );
  });

  test('B01 are there for a workload that goes through its environments in one run, too', () => {
    const plan = planOf(
      withWorkload({ quality: { ...pythonOf(manifest()), checks: CHECKS } }),
      'kvs-infer-ci.yml',
    );
    expect(plan.jobs.map(({ id }) => id)).toEqual(['quality', 'infrastructure']);
    expect(plan.comment.join(' ')).toContain('never reaches AWS');
    // Nobody would read them.
    expect(inputsOf(jobOf(plan, 'infrastructure'), 'actions/upload-artifact')).toEqual([]);
  });

  test('B03 synthesize and prove on pull requests in a job without any way to AWS', () => {
    const job = jobOf(ciOf(), 'infrastructure');
    expect(scriptsOf(job)).toEqual(['npm ci', 'npx cdk synth --quiet', 'npx lockstep prove']);
    expect(job.role).toBeUndefined();
    expect(job.condition).toBeUndefined();
    expect(permissionsOf(job)).toEqual(['contents: read']);
    const keep = job.steps.find(({ name }) => name === 'Keep the templates');
    expect(keep).toMatchObject({
      condition: "github.event_name == 'push'",
      with: { name: 'templates', path: 'cdk.out/*.template.json', 'if-no-files-found': 'error' },
    });
  });

  test('B02 B03 sign in on a push only, and then run nothing but the command', () => {
    expect(reaching(ciOf())).toEqual(['inspect-staging', 'inspect-production']);
    for (const job of ciOf().jobs.filter(({ role }) => role)) {
      expect(job).toMatchObject({ condition: "github.event_name == 'push'", needs: ['infrastructure'] });
      expect(job.environment).toBeUndefined();
      expect(scriptsOf(job)).toEqual([]);
      expect(permissionsOf(job)).toEqual(['contents: read', 'id-token: write']);
      expect(inputsOf(job, 'actions/checkout')).toMatchObject([{ 'sparse-checkout': '.lockstep' }]);
    }
  });

  test('B02 B03 prove who they are before they compare, with the calls of the inspection alone', () => {
    const job = jobOf(ciOf(), 'inspect-production');
    expect(job.role?.id).toBe('bikeshare-production-inspect');
    expect(commandLines(job)).toEqual([
      'exec node .lockstep/cli.mjs identity bikeshare --environment production',
      'exec node .lockstep/cli.mjs diff bikeshare --environment production --templates "$TEMPLATES"',
    ]);
    expect(actionsOf([job])).toEqual(['cloudformation:GetTemplate']);
  });

  test('B03 keep the artifact beside the repository, where it cannot take the place of the command', () => {
    const job = jobOf(ciOf(), 'inspect-staging');
    const folder = '${{ runner.temp }}/templates';
    expect(inputsOf(job, 'actions/download-artifact')).toEqual([{ name: 'templates', path: folder }]);
    expect(job.steps.at(-1)?.env).toEqual({ TEMPLATES: folder });
  });

  test('B02 B03 pass over an environment that may not be looked at', () => {
    const whole = byPromotion({ environments: ['staging'] });
    const targets = whole.targets.map(({ inspection: _, ...target }) => target);
    const plan = ciOf({ ...whole, targets });
    expect(plan.jobs.map(({ id }) => id)).toEqual(['quality', 'infrastructure']);
  });
});

describe('the delivery to the first environment', () => {
  test('B04 starts on the branch and by hand, with a model if need be', () => {
    expect(stagingOf().triggers).toEqual({
      push: {
        branches: ['main'],
        tags: [],
        paths: [...PATHS, '.github/workflows/bikeshare-cd-staging.yml'],
      },
      dispatch: {
        inputs: { model: { type: 'string', description: expect.stringContaining(`${BUCKET}/<key>.tar.gz`) } },
      },
    });
    expect(stagingOf(byPromotion({ models: false })).triggers.dispatch).toEqual({ inputs: {} });
  });

  test('B04 goes to the first environment and no further', () => {
    expect(edges(stagingOf(byPromotion({ environments: THREE })))).toEqual({
      test: [],
      build: ['test'],
      scan: ['build'],
      attest: ['build', 'scan'],
      'deploy-staging': ['build', 'scan'],
      'rollback-staging': ['deploy-staging'],
    });
  });

  test('B04 names the image that was built, and a model only when a person did', () => {
    const job = jobOf(stagingOf(), 'deploy-staging');
    expect(commandLines(job)).toEqual([
      'exec node .lockstep/cli.mjs deploy bikeshare --environment staging --image "$IMAGE" ${MODEL:+--model "$MODEL"}',
    ]);
    expect(job.steps.at(-1)?.env).toEqual({
      IMAGE: `${REPOSITORY}@\${{ needs.build.outputs.digest }}`,
      MODEL: '${{ inputs.model }}',
    });
    const without = jobOf(stagingOf(byPromotion({ models: false })), 'deploy-staging');
    expect(without.steps.at(-1)?.env).toEqual({ IMAGE: `${REPOSITORY}@\${{ needs.build.outputs.digest }}` });
    expect(commandLines(without)).toEqual([
      'exec node .lockstep/cli.mjs deploy bikeshare --environment staging --image "$IMAGE"',
    ]);
  });

  test('B04 never cancels a deployment, and rolls back in a job that signs in anew', () => {
    const plan = stagingOf();
    expect(jobOf(plan, 'deploy-staging')).toMatchObject({
      environment: 'staging',
      concurrency: { group: 'bikeshare-staging', cancelInProgress: false },
    });
    const back = jobOf(plan, 'rollback-staging');
    expect(back.condition).toBe("failure() && needs.deploy-staging.result == 'failure'");
    expect(stepNames(back)).toContain('Sign in to AWS');
  });

  test('B06 checks out the files that the verbs read, and nothing beside them and the command', () => {
    for (const [plan, id] of [
      [stagingOf(), 'deploy-staging'],
      [stagingOf(), 'rollback-staging'],
      [promotionOf(), 'deploy-production'],
      [planOf(byPromotion(), 'bikeshare-rollback.yml'), 'rollback-production'],
    ] as const) {
      expect(inputsOf(jobOf(plan, id), 'actions/checkout')).toEqual([
        {
          'persist-credentials': false,
          'sparse-checkout':
            '/.lockstep/\n/services/bikeshare/payload.json\n/services/bikeshare/answer.schema.json\n',
          'sparse-checkout-cone-mode': { value: false, remark: expect.any(String) },
        },
      ]);
    }
  });
});

describe('the promotion', () => {
  test('B05 starts by hand alone, with a model if need be', () => {
    expect(promotionOf().triggers).toEqual({
      dispatch: {
        inputs: { model: { type: 'string', description: expect.stringContaining('staging runs') } },
      },
    });
    expect(promotionOf(byPromotion({ models: false })).triggers).toEqual({ dispatch: { inputs: {} } });
  });

  test('B05 settles what is promoted before it enters the environment, and builds nothing', () => {
    expect(edges(promotionOf())).toEqual({
      resolve: [],
      'deploy-production': ['resolve'],
      'rollback-production': ['deploy-production'],
    });
    const [resolve, deploy] = promotionOf().jobs;
    expect(resolve).toMatchObject({ role: { id: 'bikeshare-staging-inspect' } });
    expect(resolve?.environment).toBeUndefined();
    expect(resolve?.condition).toBeUndefined();
    expect(deploy).toMatchObject({ environment: 'production', role: { id: 'bikeshare-production-deploy' } });
    expect(deploy?.condition).toBeUndefined();
  });

  test('B05 takes what the environment before runs, with no call but those of its status', () => {
    const job = jobOf(promotionOf(), 'resolve');
    expect(commandLines(job)).toEqual([
      'exec node .lockstep/cli.mjs resolve bikeshare --environment staging ${MODEL:+--model "$MODEL"}',
    ]);
    expect(job.steps.at(-1)?.env).toEqual({ MODEL: '${{ inputs.model }}' });
    expect(actionsOf([job])).toEqual(['toy:Status']);
    const canada = jobOf(promotionOf(byPromotion({ environments: THREE }), 'canada'), 'resolve');
    expect(canada.role?.id).toBe('bikeshare-production-inspect');
    expect(commandLines(canada)[0]).toContain('--environment production ');
  });

  test('B05 deploys the image by digest and the model by version, as settled and never as typed', () => {
    const job = jobOf(promotionOf(), 'deploy-production');
    expect(commandLines(job)).toEqual([
      'exec node .lockstep/cli.mjs deploy bikeshare --environment production --image "$IMAGE" --model "$MODEL"',
    ]);
    expect(job.steps.at(-1)?.env).toEqual({
      IMAGE: `${REPOSITORY}@\${{ needs.resolve.outputs.digest }}`,
      MODEL: `${BUCKET}/\${{ needs.resolve.outputs.model }}`,
    });
  });

  test('B05 hands on neither registry nor bucket, for GitHub drops outputs with a masked account id', () => {
    expect(jobOf(promotionOf(), 'resolve').outputs).toEqual({
      digest: '${{ steps.resolve.outputs.digest }}',
      model: '${{ steps.resolve.outputs.model }}',
    });
  });

  test('B05 knows no model where the workload has none', () => {
    const plan = promotionOf(byPromotion({ models: false }));
    expect(JSON.stringify(plan).toLowerCase()).not.toContain('model ');
    expect(JSON.stringify(plan)).not.toContain('MODEL');
    expect(jobOf(plan, 'resolve').outputs).toEqual({ digest: '${{ steps.resolve.outputs.digest }}' });
  });

  test('B05 is refused on any other ref than the branch, before it signs in', () => {
    const job = jobOf(promotionOf(), 'resolve');
    expect(stepNames(job)[0]).toBe('Refuse a ref that may not be released');
    expect(scriptsOf(job)[0]).toContain('  refs/heads/main) ;;');
    const tagged = byPromotion();
    const workloads = tagged.workloads.map((workload) => ({ ...workload, releaseTags: ['v*'] }));
    expect(scriptsOf(jobOf(promotionOf({ ...tagged, workloads }), 'resolve'))[0]).not.toContain('refs/tags');
  });

  test('B05 shares no group with another job, except that of deployments to the environment', () => {
    const groups = planPipelines(byPromotion({ environments: THREE })).flatMap(({ jobs }) =>
      jobs.map(({ concurrency }) => concurrency.group),
    );
    expect(new Set(groups).size).toBe(groups.length);
    expect(groups).toContain('bikeshare-production');
  });

  test('B05 has the same way back as a delivery', () => {
    expect(jobOf(promotionOf(), 'rollback-production')).toMatchObject({
      condition: "failure() && needs.deploy-production.result == 'failure'",
      environment: 'production-rollback',
      role: { id: 'bikeshare-production-rollback' },
    });
    expect(commandsOf(jobOf(promotionOf(), 'rollback-production'))).toEqual(['rollback']);
  });
});

test('a workload that goes through its environments in one run names its model for all of them', () => {
  const plan = planOf(withWorkload({ models: { bucket: 'models' } }), 'kvs-infer-deploy.yml');
  expect(Object.keys(plan.triggers.dispatch?.inputs ?? {})).toEqual(['environment', 'model']);
  for (const id of ['deploy-staging', 'deploy-production'])
    expect(commandLines(jobOf(plan, id))[0]).toContain('${MODEL:+--model "$MODEL"}');
});
