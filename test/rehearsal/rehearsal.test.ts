import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../cli/read-artefacts';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { definePlatform, Duration, gpuService, sagemakerEndpoint, Size } from '../../lib';
import type { ArtefactSources } from '../../proofs';
import { createWorld } from '../../rehearsal/aws/world';
import { choose, withPreparation } from '../../rehearsal/choose';
import { VirtualClock } from '../../rehearsal/clock';
import { findFault } from '../../rehearsal/faults/catalogue';
import type { RunResult } from '../../rehearsal/github/run-result';
import { happen } from '../../rehearsal/meanwhile';
import { rehearse, type RehearsalOptions } from '../../rehearsal/rehearse';
import { type Expectation, type ScenarioReport, scenariosOf } from '../../rehearsal/scenarios';
import { shapeOf } from '../../rehearsal/scenarios/shape';
import { surprises } from '../../rehearsal/scenarios/verdict';
import { planPipelines, renderWorkflow } from '../../workflows';
import { sources } from '../proofs/sample';
import { inCommand } from './sabotage-changes';
import { rehearsed, smallRepository } from './stage';
import { job, step } from './told';

const DEPLOY = '.github/workflows/kvs-infer-deploy.yml';
const CI = '.github/workflows/ci.yml';

const root = smallRepository();
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-test-')));
const TMPDIR = process.env.TMPDIR;

/** Everything that a rehearsal writes lies in a folder of this file's own. */
beforeAll(() => {
  process.env.TMPDIR = temporary;
});

afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  for (const folder of [root, temporary]) rmSync(folder, { recursive: true });
});

type EnvironmentOptions = { readonly reviewers?: readonly string[] };

/** A platform with one workload in these environments, in their order. */
function platformOf(
  environments: Readonly<Record<string, EnvironmentOptions>>,
  workload: Partial<Parameters<typeof gpuService>[0]> = {},
): ArtefactSources {
  const names = Object.keys(environments);
  return artefactsOf(names, environments, [
    gpuService({
      id: 'kvs-infer',
      source: 'services/kvs-infer',
      container: { port: 8080, cpu: 1024, memory: Size.gibibytes(4), health: { path: '/readyz' } },
      environments: names.map((name) => ({
        name,
        instanceType: 'g4dn.xlarge',
        instances: { min: 0, max: 2 },
        tasks: { desired: 1 },
      })),
      ...workload,
    }),
  ]);
}

function artefactsOf(
  names: readonly string[],
  environments: Readonly<Record<string, EnvironmentOptions>>,
  workloads: Parameters<typeof definePlatform>[0]['workloads'],
): ArtefactSources {
  const platform = definePlatform({
    name: 'ml-platform',
    region: 'us-east-1',
    repository: { owner: 'octo-org', name: 'ml-platform' },
    environments: names.map((name, index) => ({
      name,
      account: String(index + 1).repeat(12),
      ...environments[name],
    })),
    workloads,
  });
  const { manifest, templates } = synthesize(platform);
  const workflows = planPipelines(manifest).map((plan) => ({ file: plan.file, text: renderWorkflow(plan) }));
  return { manifest, templates, workflows };
}

function run(of: ArtefactSources, options: Partial<RehearsalOptions>): Promise<readonly ScenarioReport[]> {
  return rehearse({
    sources: of,
    root,
    choice: {},
    searchPath: process.env.PATH ?? '',
    parallel: 2,
    seed: 1,
    signal: new AbortController().signal,
    replaced: { [MANIFEST_PATH]: encodeManifest(of.manifest) },
    ...options,
  });
}

const told = (reports: readonly ScenarioReport[]) =>
  reports.map(({ name, surprises: found }) => [name, found] as const);

describe('the verdict', () => {
  const finished: RunResult = {
    conclusion: 'success',
    jobs: [
      job('deploy', 'success', [0, 9], {
        summary: 'v2 runs',
        steps: [
          step('Deploy', 'success', [0, 9], {
            log: ['2 of 2 tasks run'],
            annotations: [{ level: 'notice', title: 'Well', message: 'all is well' }],
          }),
        ],
      }),
      job('rollback', 'skipped', [9, 9]),
    ],
  };
  const EXPECTED: Expectation = {
    jobs: { deploy: 'success' },
    state: { 'staging: runs': 'new' },
    summary: { deploy: ['v2'] },
    log: { deploy: ['2 of 2', 'Well', 'all is well'] },
    leftovers: [{ contains: 'IN_PROGRESS', because: 'it goes on' }],
  };
  const OUTTURN = { run: finished, finalState: { 'staging: runs': 'new' }, leftovers: ['it is IN_PROGRESS'] };

  test('has nothing to say when everything is as expected', () => {
    expect(surprises(EXPECTED, OUTTURN)).toEqual([]);
  });

  test.each<[string, Partial<Expectation>, object]>([
    [
      'a job that ended otherwise',
      { jobs: { deploy: 'failure' } },
      { place: 'job deploy', value: 'success', allowed: 'failure' },
    ],
    ['a job that should not have run', { jobs: {} }, { place: 'job deploy', allowed: 'skipped' }],
    [
      'a job that does not exist',
      { jobs: { deploy: 'success', verify: 'success' } },
      { place: 'job verify', value: 'no such job', allowed: 'success' },
    ],
    [
      'another state',
      { state: { 'staging: runs': 'earlier' } },
      { place: 'staging: runs', value: 'new', allowed: 'earlier' },
    ],
    [
      'a fact that nobody knows',
      { state: { 'qa: runs': 'new' } },
      { place: 'qa: runs', value: 'nothing known' },
    ],
    [
      'a text that the summary lacks',
      { summary: { deploy: ['v3'] } },
      { place: 'summary of deploy', value: 'v2 runs' },
    ],
    [
      'a job without a summary',
      { summary: { rollback: ['v1'] } },
      { place: 'summary of rollback', value: 'nothing' },
    ],
    [
      'a text that the log lacks',
      { log: { deploy: ['3 of 3'] } },
      {
        place: 'log of deploy',
        value: '2 of 2 tasks run\nWell all is well',
        allowed: 'a text with "3 of 3"',
      },
    ],
    [
      'something left behind',
      { leftovers: [{ contains: 'COMPLETED', because: 'of another reason' }] },
      { place: 'left behind', value: 'it is IN_PROGRESS', allowed: 'nothing' },
    ],
  ])('names %s', (_, changed, surprise) => {
    expect(surprises({ ...EXPECTED, ...changed }, OUTTURN)).toEqual([expect.objectContaining(surprise)]);
  });
});

describe('the choice', () => {
  const scenarios = scenariosOf(sources());
  const names = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);

  test('scenarios of a workflow have names of their own', () => {
    const ids = scenarios.map(({ workflow, name }) => `${workflow} ${name}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(ids.length);
  });

  test.each([
    [
      { workflow: 'other' },
      /got "other"; allowed: kvs-infer-deploy, kvs-infer-rollback, kvs-infer-gpu-compatibility, bikeshare-ci, .*, ci, delivery-metrics;/,
    ],
    [{ names: ['goood'] }, /got "goood"; allowed: first-release, good/],
    [{ workflow: 'ci', names: ['good'] }, /got "good"; allowed: push, pull-request/],
    [{ workflow: 'ci', event: 'schedule' }, /--event: got "schedule"; allowed: push, pull_request/],
  ])('%j fits nothing, and the error names what there is', (choice, message) => {
    expect(() => choose(scenarios, choice)).toThrow(message);
  });

  test('takes a workflow by its file or its stem, names, and events', () => {
    expect(names(choose(scenarios, { workflow: CI }))).toEqual(['push', 'pull-request']);
    expect(names(choose(scenarios, { workflow: 'ci', event: 'push' }))).toEqual(['push']);
    expect(names(choose(scenarios, { workflow: DEPLOY, names: ['good', 'ecs:task-exits'] }))).toEqual([
      'good',
      'ecs:task-exits',
    ]);
  });

  test('what leads to a scenario is performed before it, once', () => {
    const chosen = choose(scenarios, {
      workflow: DEPLOY,
      names: ['github:half-finished-before', 'ecs:task-exits'],
    });
    expect(names(withPreparation(chosen, scenarios))).toEqual([
      'first-release',
      'good',
      'ecs:task-exits',
      'github:run-cancelled',
      'github:half-finished-before',
    ]);
  });

  test('B05 what is promoted was delivered before: each environment in its turn, and twice', () => {
    const chosen = choose(scenarios, { workflow: 'bikeshare-promote-production', names: ['good'] });
    expect(withPreparation(chosen, scenarios).map(({ id }) => id)).toEqual([
      'bikeshare-cd-staging first-release',
      'bikeshare-promote-production first-release',
      'bikeshare-cd-staging good',
      'bikeshare-promote-production good',
    ]);
  });

  test('a scenario says what every environment of its workload runs, also where its workflow does nothing', () => {
    const state = (workflow: string, name: string) =>
      choose(scenarios, { workflow, names: [name] })[0]?.expect.state;
    expect(state('bikeshare-cd-staging', 'good')).toMatchObject({
      'staging: runs': 'new',
      'production: runs': 'earlier',
    });
    expect(state('bikeshare-promote-production', 'first-release')).toMatchObject({
      'staging: runs': 'new',
      'production: runs': 'new',
    });
    expect(state('bikeshare-cd-staging', 'first-release')).toMatchObject({
      'staging: model': 'initial',
      'production: runs': 'nothing',
    });
  });

  test('each delivery, promotion and check of an endpoint ends with a final state that is asserted', () => {
    const ofEndpoint = scenarios.filter(({ workflow }) => workflow.includes('bikeshare'));
    expect(ofEndpoint.filter(({ expect: { state } }) => Object.keys(state).length === 0)).toEqual([]);
    expect(ofEndpoint.length).toBeGreaterThan(80);
  });

  test('a title says how far a commit goes by itself', () => {
    const title = (workflow: string) => choose(scenarios, { workflow, names: ['good'] })[0]?.title;
    expect(title(DEPLOY)).toBe('a commit goes through every environment');
    expect(title('bikeshare-cd-staging')).toBe('a commit goes to staging');
  });

  test('B05 an environment with another way of shifting traffic meets the faults of its guardrails', () => {
    const chosen = choose(scenarios, {
      workflow: 'bikeshare-promote-production',
      names: ['sagemaker:alarm-in-bake', 'sagemaker:silent-rollback'],
    });
    for (const { branchesOff, expect: expected } of chosen) {
      expect(branchesOff).toMatchObject({ before: 'deploy-production' });
      expect(expected).toMatchObject({
        jobs: { 'deploy-production': 'failure', 'rollback-production': 'success' },
        state: { 'staging: runs': 'new', 'production: runs': 'earlier' },
        summary: { 'rollback-production': ['alreadyRolledBack'] },
      });
    }
    // SageMaker can only get stuck between two fleets where it replaces instances in batches.
    expect(names(scenarios)).not.toContain('sagemaker:rollback-fails');
  });

  test('a fault hits the environment that is asked for', () => {
    const asked = 'ecs:out-of-memory@staging';
    expect(names(scenarios)).not.toContain(asked);
    const found = choose(scenariosOf(sources(), [asked]), { workflow: DEPLOY, names: [asked] });
    expect(found).toMatchObject([
      {
        faults: [{ name: 'ecs:out-of-memory', environment: 'staging' }],
        branchesOff: { before: 'deploy-staging' },
        expect: { jobs: { 'deploy-staging': 'failure', 'deploy-production': 'skipped' } },
      },
    ]);
    const nowhere = 'ecs:out-of-memory@qa';
    expect(() => choose(scenariosOf(sources(), [nowhere]), { names: [nowhere] })).toThrow(`got "${nowhere}"`);
  });

  test('a fault of a target is unknown where there is no target', () => {
    const { manifest } = sources();
    const plan = planPipelines(manifest).find(({ file }) => file === DEPLOY)!;
    const shape = shapeOf(plan, manifest);
    expect(
      findFault({ name: 'ecs:task-exits', environment: 'staging' }, shape, manifest).stage?.environment,
    ).toBe('staging');
    expect(() => findFault({ name: 'ecs:task-exits' }, shape, manifest)).toThrow(
      /got "ecs:task-exits"; allowed: tests:fail.*with @ and its environment/,
    );
  });

  test('a kind of target that nobody rehearses is an error', () => {
    const { manifest, ...others } = sources();
    const targets = manifest.targets.map((target) => ({ ...target, kind: 'lambda-function' }));
    expect(() => scenariosOf({ ...others, manifest: { ...manifest, targets } })).toThrow(
      /UnknownTargetKind: target .*: got lambda-function; allowed: ecs-service/,
    );
  });
});

test('what cannot have happened before a run is an error', () => {
  const { manifest } = sources();
  const clock = new VirtualClock();
  const read = () => {
    throw new Error('nobody signs in');
  };
  const surroundings = {
    world: createWorld({ clock, tokens: { read }, endpoint: () => '', inside: () => ({}) }),
    clock,
    manifest,
  };
  const replaced = (id: string) => () => happen({ kind: 'runningModelReplaced', target: id }, surroundings);
  const idOf = (kind: string) => manifest.targets.find((target) => target.kind === kind)?.id ?? '';
  expect(replaced(idOf('ecs-service'))).toThrow(/^kvs-infer\S* serves no model apart from its image$/);
  expect(replaced(idOf('sagemaker-endpoint'))).toThrow(/serves no model$/);
  expect(replaced('nowhere')).toThrow('there is no target nowhere');
});

describe('a platform with one environment, without tests and attestations', () => {
  const CHOICE = { names: ['first-release', 'good', 'ecs:task-exits'] };
  let platform: ArtefactSources;
  let reports: readonly ScenarioReport[];
  const keep = join(temporary, 'kept');

  beforeAll(async () => {
    platform = platformOf({ production: {} }, { image: { attestations: false } });
    reports = await run(platform, { choice: CHOICE, keep });
  });

  test('is rehearsed', () => {
    expect(reports[1]?.jobs.map(({ id }) => id)).toEqual([
      'build',
      'scan',
      'deploy-production',
      'rollback-production',
    ]);
    expect(told(reports)).toEqual(CHOICE.names.map((name) => [name, []]));
  });

  test('keeps what it says', () => {
    const folders = readdirSync(keep).sort();
    expect(folders).toEqual([
      'kvs-infer-deploy-ecs-task-exits',
      'kvs-infer-deploy-first-release',
      'kvs-infer-deploy-good',
    ]);
    const read = (file: string): unknown =>
      JSON.parse(readFileSync(join(keep, folders[2] ?? '', file), 'utf8'));
    expect(read('aws.json')).toMatchObject({ ecs: { services: [{ name: 'kvs-infer' }] } });
    expect(read('calls.json')).toEqual(JSON.parse(JSON.stringify(reports[1]?.calls)));
    expect(read('jobs.json')).toEqual(JSON.parse(JSON.stringify(reports[1]?.jobs)));
  });

  test('is rehearsed again with the same report, byte by byte', async () => {
    const [again] = await run(platform, { choice: { names: ['first-release'] } });
    const plain = (report: unknown) => JSON.stringify(report).replaceAll(/lockstep-rehearsal-\w{6}/g, '');
    expect(plain(again)).toBe(plain(reports[0]));
  });

  test('leaves no folder behind', () => {
    expect(readdirSync(temporary)).toEqual(['kept']);
  });
});

describe('a platform with more environments', () => {
  test('of which those in the middle are with and without reviewers is rehearsed', async () => {
    const reviewers = ['octo-org/platform'];
    const platform = platformOf({ dev: {}, qa: {}, preview: { reviewers }, production: { reviewers } });
    const names = ['good', 'ecs:task-exits@qa', 'ecs:task-exits@preview'];
    const reports = await run(platform, { choice: { names } });
    expect(told(reports)).toEqual(names.map((name) => [name, []]));
    expect(reports.map(({ finalState }) => finalState)).toEqual([
      expect.objectContaining({ 'qa: runs': 'new', 'preview: runs': 'new', 'production: runs': 'new' }),
      expect.objectContaining({ 'qa: runs': 'earlier', 'preview: runs': 'earlier' }),
      expect.objectContaining({
        'qa: runs': 'new',
        'preview: runs': 'earlier',
        'production: runs': 'earlier',
      }),
    ]);
  });
});

/** A platform with one endpoint in these environments, in their order, and without a model of its own. */
function endpointIn(
  environments: Readonly<Record<string, EnvironmentOptions>>,
  strategy: 'allAtOnce' | 'rolling',
): ArtefactSources {
  const names = Object.keys(environments);
  return artefactsOf(names, environments, [
    sagemakerEndpoint({
      id: 'bikeshare',
      source: 'services/bikeshare',
      verification: {
        payload: 'payload.json',
        schema: 'answer.schema.json',
        latencyBudget: Duration.millis(500),
      },
      environments: names.map((name) => ({
        name,
        instanceType: 'ml.m5.large',
        instances: { min: 2, max: 4 },
        update: { strategy },
      })),
    }),
  ]);
}

describe('a platform by promotion with three environments, and without a model of its own', () => {
  test('B05 is rehearsed: somebody names the first model, and each environment gets what the one before runs', async () => {
    const production = { reviewers: ['octo-org/platform'] };
    const platform = endpointIn({ dev: {}, qa: {}, production }, 'allAtOnce');
    const choice = { workflow: 'bikeshare-promote-production', names: ['good', 'nothing-to-promote'] };
    const reports = await run(platform, { choice });
    expect(told(reports)).toEqual(choice.names.map((name) => [name, []]));
    expect(reports[0]?.finalState).toMatchObject({
      'dev: model': 'uploaded',
      'qa: runs': 'new',
      'production: runs': 'new',
      'production: model': 'uploaded',
    });
  });
});

describe('a rolling update that SageMaker can neither finish nor undo', () => {
  const platform = endpointIn({ staging: {} }, 'rolling');
  const choice = { names: ['sagemaker:rollback-fails'] };

  test('B04 is left to a person, and both jobs say so', async () => {
    const [report] = await run(platform, { choice });
    expect(report?.surprises).toEqual([]);
    expect(report?.finalState).toMatchObject({
      'staging: runs': 'mixed',
      'staging: endpoint': 'UpdateRollbackFailed',
      'staging: released image': 'earlier',
    });
    expect(report?.leftovers).toEqual([
      expect.stringContaining('(expected: a person has to bring it to one version)'),
    ]);
  });

  test('B04 must not count as undone: the scenario notices a command that does', async () => {
    const changed = rehearsed();
    inCommand(
      /if \(isServing\w*\(endpoint\w*\)\) return;/,
      'if (endpoint.status !== "Failed") return;',
    )(changed);
    const replaced = {
      [MANIFEST_PATH]: encodeManifest(platform.manifest),
      '.lockstep/cli.mjs': changed.command,
    };
    const [report] = await run(platform, { choice, replaced });
    expect(report?.surprises).toContainEqual(
      expect.objectContaining({ place: 'job rollback-staging', value: 'success' }),
    );
  });
});

describe('a job', () => {
  /** The sample platform with another check of the repository: one job with these scripts. */
  function withScripts(...scripts: readonly string[]): ArtefactSources {
    const steps = scripts
      .map((script) => `      - run: |\n${script.replace(/^/gm, '          ')}\n`)
      .join('');
    const text = `on: push\njobs:\n  verify:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`;
    const sample = sources();
    return {
      ...sample,
      workflows: sample.workflows.map((each) => (each.file === CI ? { ...each, text } : each)),
    };
  }
  const CHOICE = { workflow: 'ci', names: ['push'] };

  test('knows nothing of the environment of this process', async () => {
    const secrets = { LOCKSTEP_MARKER: 'marker-of-this-test', AWS_PROFILE: 'profile-of-this-test' };
    const environment = process.env;
    process.env = { ...environment, ...secrets, HOME: '/home/of-this-test' };
    try {
      const scripts = ['env', "node -p 'JSON.stringify(process.env)'"];
      const [report] = await run(withScripts(...scripts), { choice: CHOICE });
      const text = JSON.stringify(report);
      expect(report?.passed).toBe(true);
      expect(text).toContain('GITHUB_WORKSPACE');
      for (const secret of [...Object.keys(secrets), 'of-this-test']) expect(text).not.toContain(secret);
    } finally {
      process.env = environment;
    }
  });

  test('that wants to leave this machine turns the scenario red', async () => {
    const [report] = await run(
      withScripts(
        `node -e "require('net').connect(80, '192.0.2.1').on('error', () => {})"`,
        `node -e "fetch('http://192.0.2.2/').catch(() => {})"`,
      ),
      { choice: CHOICE },
    );
    expect(report?.conclusion).toBe('success');
    expect(report?.surprises).toEqual([
      { place: 'network', value: expect.stringContaining('192.0.2.1'), allowed: 'loopback only' },
      { place: 'network', value: expect.stringContaining('192.0.2.2'), allowed: 'loopback only' },
    ]);
  });

  test('that is interrupted leaves no process and no folder', async () => {
    const stop = new AbortController();
    let pid = 0;
    const rehearsal = run(withScripts('echo "pid=$$"\nwhile :; do :; done'), {
      choice: CHOICE,
      signal: stop.signal,
      onEvent: (_, event) => {
        if (event.kind !== 'log') return;
        pid = Number(/^pid=(\d+)$/.exec(event.line)?.[1] ?? pid);
        if (pid > 0) stop.abort();
      },
    });
    await expect(rehearsal).rejects.toMatchObject({ code: 'Interrupted' });
    expect(pid).toBeGreaterThan(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(readdirSync(temporary).filter((name) => name.startsWith('lockstep-rehearsal-'))).toEqual([]);
  });

  test('whose workflow does not start by the event is an error', async () => {
    const never = withScripts('true');
    const workflows = never.workflows.map((each) => ({
      ...each,
      text: each.text.replace('on: push', 'on: issues'),
    }));
    await expect(run({ ...never, workflows }, { choice: CHOICE })).rejects.toMatchObject({
      code: 'InvalidArgument',
    });
  });
});

test('a scenario whose beginning never came about says so', async () => {
  const sample = sources();
  const workflows = sample.workflows.map((each) => ({
    ...each,
    text: each.text.replace('exec node .lockstep/cli.mjs image find kvs-infer', 'false'),
  }));
  const reports = await run({ ...sample, workflows }, { choice: { workflow: DEPLOY, names: ['good'] } });
  const [[name, surprises] = []] = told(reports);
  expect(name).toBe('good');
  expect(surprises).toEqual(
    expect.arrayContaining([
      {
        place: 'beginning',
        value: 'first-release did not end as expected',
        allowed: 'the end of that scenario',
      },
      // With the cause, though nobody asked for that scenario.
      { place: 'first-release: job build', value: 'failure', allowed: 'success' },
    ]),
  );
});
