import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { addGpuMatrix } from '../../cli/add-gpu-matrix';
import { addPlan } from '../../cli/add-plan';
import { addProve } from '../../cli/add-prove';
import { addRehearse } from '../../cli/add-rehearse';
import { synthesize } from '../../cli/read-artefacts';
import { GithubSubject, type TargetEntry } from '../../contract';
import { errorReference } from '../../projenrc/error-reference';
import { type RunbookSource, runbookPath, runbooks } from '../../runbook';
import { systemClock } from '../../runtime/clock';
import { readEnvironment } from '../../runtime/environment';
import { run } from '../../runtime/program';
import { planPipelines } from '../../workflows';
import platform from '../fixtures/sample-platform';

const { manifest, templates, documents } = synthesize(platform);
const plans = planPipelines(manifest);
const stacks = templates.map(({ stack, account, region, body }) => ({
  name: stack,
  account,
  region,
  template: body,
  dependsOn: [],
}));
const SOURCE: RunbookSource = { manifest, plans, stacks };

const textOf = (workload: string): string =>
  documents.find(({ path }) => path === runbookPath(workload))?.text ?? '';

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the sample platform has it');
  return value;
}

const shellLines = (text: string): readonly string[] =>
  [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .flatMap((line) => line.replace(/(^| +)#.*$/, '').split(' && '))
    .filter((line) => line !== '');

/** Calls of the command, in blocks and in sentences. */
const commandsOf = (text: string): readonly (readonly string[])[] =>
  [
    ...shellLines(text).filter((line) => line.startsWith('npx lockstep')),
    ...[...text.matchAll(/`(npx lockstep [^`]+)`/g)].map(([, line = '']) => line),
  ].map((line) => line.split(' ').slice(2));

/** Refuses what the command refuses: unknown verbs and options, values that are not among the choices. */
async function parses(argv: readonly string[]): Promise<true> {
  let program: Command | undefined;
  const nothing = () => Promise.reject(new Error('nothing is read or written here'));
  const ports = {
    environment: readEnvironment({}),
    clock: systemClock,
    stdout: { write: () => true },
    stderr: { write: () => true },
    signal: new AbortController().signal,
    readFile: nothing,
    readBytes: nothing,
    appendFile: nothing,
    writeFile: nothing,
    listFiles: nothing,
    connection: {},
  };
  const capture = (each: Command) => {
    program = each;
  };
  await run(['--help'], ports, [addProve, addRehearse, addPlan, addGpuMatrix, capture]);
  for (const command of program?.commands ?? []) command.action(() => undefined);
  await program?.parseAsync([...argv], { from: 'user' });
  return true;
}

const SECTIONS = [
  'Something is wrong now',
  'Overview',
  'Prerequisites',
  'OIDC',
  'GitHub settings',
  'Workflows',
  'Usage',
  'Troubleshooting',
  'Best practices',
  'Cost',
];

describe.each(manifest.workloads.map((workload) => [workload.id, workload] as const))(
  '%s',
  (id, workload) => {
    const text = textOf(id);
    const targets = manifest.targets.filter((target) => target.workload === id);

    test('A13 has every section, in the order in which one needs them, and a picture', () => {
      expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
      expect(text).toContain('```mermaid\nflowchart LR');
      for (const { environment } of targets)
        expect(text).toMatch(new RegExp(`-deploy-${environment} ==> ${environment}$`, 'm'));
    });

    test('A13 every command that it shows is one that the command takes', async () => {
      const commands = commandsOf(text);
      const verbs = new Set(commands.map(([verb]) => verb));
      expect([...verbs]).toEqual(
        expect.arrayContaining([
          'status',
          'diagnose',
          'rollback',
          'verify',
          'logs',
          'metrics',
          'plan',
          'prove',
        ]),
      );
      for (const command of commands) await expect(parses(command)).resolves.toBe(true);
    });

    test('A13 every workflow that it starts has the inputs that are given', () => {
      const starts = shellLines(text).filter((line) => line.startsWith('gh workflow run'));
      expect(starts.length).toBeGreaterThan(2);
      for (const line of starts) {
        const [, , , file = '', ...fields] = line.trim().split(' ');
        const dispatch = plans.find((plan) => plan.file.endsWith(`/${file}`))?.triggers.dispatch;
        expect(dispatch).toBeDefined();
        for (const field of fields.filter((each) => each !== '--field')) {
          const [name = '', value = ''] = field.split('=');
          const input = dispatch?.inputs[name];
          expect(input).toBeDefined();
          if (input?.type === 'choice') expect(input.options).toContain(value);
        }
      }
    });

    test('A13 names every environment, account, role with its subjects, workflow and image of the manifest', () => {
      const environments = manifest.environments.filter(({ name }) => workload.environments.includes(name));
      const named = [
        ...environments.flatMap(({ name, rollbackEnvironment, account, protection }) => [
          name,
          rollbackEnvironment,
          account,
          ...protection.reviewers,
        ]),
        ...plans.filter(({ file }) => file.startsWith(`.github/workflows/${id}-`)).map(({ file }) => file),
        ...manifest.images
          .filter((image) => workload.images.includes(image.id))
          .map((image) => image.repository.uri),
      ];
      for (const name of named) expect(text).toContain(name);
      for (const role of manifest.roles.filter((each) => each.id.startsWith(`${id}-`))) {
        const row = text.split('\n').find((line) => line.startsWith(`| \`${role.arn}\``));
        const subjects =
          role.environment === undefined
            ? GithubSubject.branch(manifest.repository, manifest.repository.defaultBranch)
            : GithubSubject.environment(manifest.repository, role.environment);
        for (const subject of subjects) expect(row).toContain(`\`${subject}\``);
        expect(row).toMatch(/\.yml: [a-z]/);
      }
    });

    test('A13 deploys every stack that the workload needs, each after those that it depends on', () => {
      const deploys = shellLines(text)
        .filter((line) => line.startsWith('npx cdk deploy'))
        .flatMap((line) => line.split(' ').slice(3));
      expect(deploys.filter((name) => !templates.some(({ stack }) => stack === name))).toEqual([]);
      for (const { environment, account, region } of targets) {
        const target = deploys.indexOf(`${manifest.platform}-${id}-${environment}`);
        expect(target).toBeGreaterThan(deploys.indexOf(`${manifest.platform}-access-${environment}`));
        expect(target).toBeGreaterThan(deploys.indexOf(`${manifest.platform}-${id}-${environment}-state`));
        expect(deploys).toContain(`${manifest.platform}-access-${environment}`);
        expect(text).toContain(`npx cdk bootstrap aws://${account}/${region}`);
      }
      for (const image of workload.images) expect(deploys).toContain(`${manifest.platform}-${image}-images`);
      expect(deploys.includes(`${manifest.platform}-${id}-models`)).toBe(workload.models !== undefined);
    });

    test('A13 sets the secrets of the manifest where they belong, and no others', () => {
      const secrets = workload.notices.flatMap((notice) => ('secret' in notice ? [notice.secret] : []));
      const wanted = manifest.secrets
        .filter(({ name }) => secrets.includes(name))
        .flatMap(({ name, environments }) =>
          environments.map((each) => `gh secret set ${name} --env ${each}`),
        );
      expect(shellLines(text).filter((line) => line.startsWith('gh secret set'))).toEqual(wanted);
    });

    test('A13 links lead somewhere', () => {
      const anchors = (of: string) =>
        [...of.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'));
      const links = [...text.matchAll(/\]\((?!https:)([^)]+)\)/g)].map(([, link = '']) => link);
      expect(links.length).toBeGreaterThan(10);
      for (const link of links) {
        const [file = '', anchor] = link.split('#');
        const path = join('docs/runbooks', file);
        if (path === 'docs/errors.md' && anchor !== undefined)
          expect(anchors(errorReference())).toContain(anchor);
        else if (file === '') expect(anchors(text)).toContain(anchor);
        else
          expect(plans.some((plan) => plan.file === path) || existsSync(join(__dirname, '../..', path))).toBe(
            true,
          );
      }
    });
  },
);

describe('A13 what a runbook says follows what there is', () => {
  const [first] = manifest.workloads;
  const changed = (change: (target: TargetEntry) => TargetEntry): RunbookSource => ({
    ...SOURCE,
    manifest: { ...manifest, targets: manifest.targets.map(change) },
  });

  test('the same platform gives the same text', () => {
    expect(synthesize(platform).documents).toEqual(documents);
    expect(documents.map(({ path }) => path)).toEqual(manifest.workloads.map(({ id }) => runbookPath(id)));
  });

  test('prices are said where the project has reviewed them, and sizes where the template has them', () => {
    expect(textOf('kvs-infer')).toContain('| `g4dn.xlarge` | 1 | 0.526 |');
    expect(textOf('devops-day3-app')).not.toContain('USD an hour');
    expect(textOf('devops-day3-app')).toContain('Fargate, 256 CPU units and 512 MiB each');
    expect(textOf('production-platform')).toContain('instance: t3.medium');
    expect(textOf('bikeshare')).toContain('2 × ml.m5.large');
  });

  test('a secret that two workloads read is set for each where its own jobs read it', () => {
    const { id, environments } = found(manifest.workloads.find(({ notices }) => notices.length > 0));
    const name = 'SLACK_WEBHOOK_URL';
    const reading = { NOTICE: `\${{ secrets.${name} }}` };
    const shared = {
      ...SOURCE,
      manifest: {
        ...manifest,
        secrets: manifest.secrets.map((secret) => ({
          ...secret,
          environments: [...secret.environments, 'production'],
        })),
      },
      plans: plans.map((plan) =>
        plan.file === '.github/workflows/kvs-infer-deploy.yml'
          ? {
              ...plan,
              jobs: plan.jobs.map((job) =>
                job.environment === 'production' ? { ...job, outputs: { ...job.outputs, ...reading } } : job,
              ),
            }
          : plan,
      ),
    };
    const setIn = (workload: string): readonly string[] =>
      shellLines(found(runbooks(shared).find(({ path }) => path === runbookPath(workload))).text).filter(
        (line) => line.startsWith(`gh secret set ${name}`),
      );
    expect(setIn('kvs-infer')).toEqual([`gh secret set ${name} --env production`]);
    expect(environments).toContain('production');
    expect(setIn(id)).toEqual(
      ['dev', 'staging', 'production-rollback'].map((each) => `gh secret set ${name} --env ${each}`),
    );
  });

  test('addresses of mail are asked to confirm where there are any', () => {
    const asked =
      'each address of `notifications.email` confirms the mail of Amazon SNS once for each environment';
    expect(textOf('devops-day3-app')).toContain(`${asked} (\`dev\`, \`staging\`, \`production\`)`);
    expect(textOf('kvs-infer')).not.toContain(asked);
  });

  test('A09 a service that sleeps has a stack that is deployed again, and a symptom of its own', () => {
    const again = '# account 111111111111\nnpx cdk deploy ml-platform-kvs-infer-staging\n';
    const symptom =
      '| No task runs in `staging`, and nothing failed | That is its schedule: asleep at 20:00,';
    expect(textOf('kvs-infer')).toContain('After the first release to `staging`, deploy its stack once more');
    expect(textOf('kvs-infer')).toContain(again);
    expect(textOf('kvs-infer')).toContain(symptom);
    expect(textOf('kvs-infer')).not.toContain('After the first release to `production`');
    expect(textOf('devops-day3-app')).not.toMatch(/deploy its stack once more|is its schedule/);
  });

  test('jobs of a matrix are named by its fields', () => {
    expect(textOf('kvs-infer')).toContain(
      '| `check` | Check CUDA `<cuda>`, driver `<driver>`, PyTorch `<pytorch>` |',
    );
    expect(documents.map(({ text }) => text).join()).not.toContain('${{ matrix');
  });

  test('a rollback by hand says what its environment waits for, and the way that waits for nobody', () => {
    const open = manifest.environments.map((each) => ({
      ...each,
      protection: { ...each.protection, reviewers: [], waitMinutes: 0 },
    }));
    const [unprotected] = runbooks({ ...SOURCE, manifest: { ...manifest, environments: open } });
    const now =
      'Start the rollback to a revision now: it waits for no other run. The rollback takes the place';
    const command = '`npx lockstep rollback kvs-infer --environment production --revision REVISION`';
    expect(first?.id).toBe('kvs-infer');
    expect(unprotected?.text).toContain(now);
    expect(textOf('kvs-infer')).not.toContain(now);
    expect(textOf('kvs-infer')).toContain(
      `then ${command}. The rollback workflow waits for no other run, but first for approval by one of`,
    );
  });

  test('an environment that waits for nobody asks for no reviewers', () => {
    const open = manifest.environments.map((each) => ({
      ...each,
      protection: { ...each.protection, reviewers: [], waitMinutes: 0 },
    }));
    const [runbook] = runbooks({ ...SOURCE, manifest: { ...manifest, environments: open } });
    expect(textOf(first?.id ?? '')).toContain('its reviewers (');
    expect(runbook?.text).not.toContain('its reviewers (');
  });

  test('a workload without a workflow to go back with has no runbook', () => {
    const without = plans.filter(({ file }) => !file.endsWith('-rollback.yml'));
    expect(() => runbooks({ ...SOURCE, plans: without })).toThrow(/DanglingReference.*-rollback\.yml/);
  });

  test('a kind that it has no notes on is refused', () => {
    const other = changed((target) => ({ ...target, kind: 'elsewhere' }));
    expect(() => runbooks(other)).toThrow(/UnknownTargetKind.*"elsewhere"/);
  });

  test('a command that does not exist would be found', async () => {
    await expect(parses(['restart', 'kvs-infer'])).rejects.toThrow(/unknown command/);
    await expect(parses(['status', 'kvs-infer'])).rejects.toThrow(/required option/);
    await expect(parses(['status', 'kvs-infer', '--environment', 'staging', '--all'])).rejects.toThrow(
      /unknown option/,
    );
  });
});
