import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsCall } from '../../../contract';
import { parseWorkflow } from '../../../proofs/artefacts';
import {
  ACTIONS_OF_IMAGE_COMMAND,
  ACTIONS_OF_RELEASE,
  VERBS_OF_COMMAND,
} from '../../../proofs/calls/command-verbs';
import { imageOf } from '../../../proofs/calls/image-command';
import { pipelineCalls } from '../../../proofs/calls/pipeline-command';
import { programsOf } from '../../../proofs/calls/programs';
import { COMMAND_VERBS, commandOutputs, commandsOf } from '../../../proofs/flow/commands';
import { VERBS_OF_COMMAND as GIVEN_TO_COMMANDS } from '../../../runtime/commands/verbs';
import { image, REPOSITORY, World } from '../../constructs/ecs-service/runtime/world';
import { manifest } from '../../fixtures/manifest';
import { deployArgs, manifest as worldManifest, runCommand } from '../../runtime/harness';

const target = ['kvs-infer', '--environment', 'production'];

function read(line: string, environment: Readonly<Record<string, string>> = {}) {
  const [program] = programsOf(line);
  if (program?.kind !== 'pipeline') throw new Error('no pipeline command');
  return pipelineCalls(program.words, { place: 'here', text: program.text, environment }, manifest());
}

describe('the verbs of each command', () => {
  test('are those that the command is given', () => {
    expect(VERBS_OF_COMMAND).toEqual(GIVEN_TO_COMMANDS);
  });

  const released = async (world: World) => {
    await world.release(image('1'));
  };
  const failing = (world: World) => {
    world.behaves(image('f'), { kind: 'exits', code: 1, lines: [] });
    return released(world);
  };
  test.each([
    ['deploy', deployArgs('1'), () => Promise.resolve()],
    ['deploy', deployArgs('f'), failing],
    ['wait', ['wait', ...target], released],
    ['rollback', ['rollback', ...target], released],
    ['rollback --list', ['rollback', ...target, '--list'], released],
    ['diagnose', ['diagnose', ...target], released],
    ['verify', ['verify', ...target], released],
    ['status', ['status', ...target], released],
    ['resolve', ['resolve', ...target], released],
  ] as const)('cover what %s calls (%#)', async (command, argv, prepare) => {
    const world = await new World().start();
    try {
      await prepare(world);
      const before = world.calls.length;
      await runCommand(world, argv);
      const [entry] = worldManifest().targets;
      const declared: readonly AwsCall[] = VERBS_OF_COMMAND[command].flatMap(
        (verb) => entry?.calls[verb] ?? [],
      );
      const made = new Set(world.calls.slice(before).map(({ action }) => action));
      expect(made.size).toBeGreaterThan(0);
      expect([...made].filter((action) => !declared.some((call) => call.action === action))).toEqual([]);
    } finally {
      await world.stop();
    }
  });

  test.each([
    ['image find', (digest: string) => [`--commit=${digest.slice(0, 40)}`]],
    ['image tag', (digest: string) => ['--ref=refs/tags/v1.2.3', `--image=${REPOSITORY}@sha256:${digest}`]],
  ] as const)('%s calls the actions of its row', async (command, options) => {
    const world = await new World().start();
    try {
      const digest = world.registry.push('manifest', 'sha-abcdef1').replace('sha256:', '');
      const { stderr } = await runCommand(world, [...command.split(' '), 'kvs-infer', ...options(digest)]);
      expect(stderr).not.toContain('✖');
      const made = new Set(world.calls.map(({ action }) => action));
      const further = command === 'image tag' ? ACTIONS_OF_RELEASE : [];
      expect([...made].sort()).toEqual([...ACTIONS_OF_IMAGE_COMMAND[command], ...further].sort());
    } finally {
      await world.stop();
    }
  });

  test('every option of the program is known', async () => {
    const world = await new World().start();
    try {
      const commands = [
        'deploy',
        'wait',
        'rollback',
        'diagnose',
        'verify',
        'status',
        'resolve',
        'identity',
        'diff',
        'image find',
        'image tag',
      ];
      for (const command of commands) {
        const { stdout } = await runCommand(world, [...command.split(' '), '--help']);
        const options = [...stdout.matchAll(/^ {2}(-\w, )?(--[a-z-]+)( <)?/gm)];
        expect(options.length).toBeGreaterThan(1);
        for (const [, , flag = '', value] of options.filter(([, , flag]) => flag !== '--environment')) {
          const where = command.startsWith('image') ? ['kvs-infer'] : target;
          const { faults } = read(
            `node .lockstep/cli.mjs ${command} ${where.join(' ')} ${flag}${value ? ' "$VALUE"' : ''}`,
          );
          expect([flag, faults]).toEqual([flag, []]);
        }
      }
    } finally {
      await world.stop();
    }
  });
});

test('diff reads each stack that is looked at, whatever the manifest says of its calls', () => {
  const sample = manifest();
  const inspection = { role: 'kvs-infer-staging-inspect', stacks: ['one', 'two'], calls: [] };
  const targets = sample.targets.map((entry) => ({ ...entry, inspection }));
  const [program] = programsOf('node .lockstep/cli.mjs diff kvs-infer --environment staging');
  if (program?.kind !== 'pipeline') throw new Error('no pipeline command');
  const at = { place: 'here', text: program.text, environment: {} };
  const { calls } = pipelineCalls(program.words, at, { ...sample, targets });
  const [staging] = targets;
  expect(calls.map(({ action, resource }) => `${action} ${resource}`)).toEqual(
    inspection.stacks.map(
      (stack) =>
        `cloudformation:GetTemplate arn:aws:cloudformation:${staging?.region ?? ''}:${staging?.account ?? ''}:stack/${stack}/*`,
    ),
  );
});

describe('commands in scripts', () => {
  const read = (script: string) => {
    const text = `jobs:\n  a:\n    steps:\n      - run: |\n${script.replace(/^/gm, '          ')}\n`;
    const [job] = parseWorkflow({ file: 'x.yml', text }).jobs;
    return (job ? commandsOf(job) : []).map(({ verb, workload, options, known }) => [
      verb,
      workload,
      options,
      known,
    ]);
  };

  test.each([
    [
      'node .lockstep/cli.mjs rollback w -e p ${D:+--deployment "$D"}',
      ['rollback', 'w', { environment: 'p', deployment: '$D' }, true],
    ],
    ['node .lockstep/cli.mjs image find w --json', ['image find', 'w', { json: true }, true]],
    [
      'if true; then\n  node ./.lockstep/cli.mjs deploy \\\n    w --environment=p\nfi',
      ['deploy', 'w', { environment: 'p' }, true],
    ],
    [
      'node .lockstep/cli.mjs rollback w --list --environment p',
      ['rollback', 'w', { list: true, environment: 'p' }, true],
    ],
    ['node .lockstep/cli.mjs destroy w', ['destroy', 'w', {}, false]],
    ['node .lockstep/cli.mjs logs w -e p', ['logs', 'w', { environment: 'p' }, false]],
  ])('%s', (script, expected) => {
    expect(read(script)).toEqual([expected]);
  });

  test('the outputs of each command are those that its code sets', () => {
    const folder = join(__dirname, '../../../runtime/commands');
    const set = new Map<string, string[]>();
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), 'utf8');
      const names = [...text.matchAll(/\boutput\('([\w-]+)'/g)].map(([, name = '']) => name);
      if (names.length > 0) set.set(file, names.sort());
    }
    expect(Object.fromEntries(set)).toEqual({
      'deploy.ts': commandOutputs('deploy'),
      'diff.ts': commandOutputs('diff'),
      'image.ts': commandOutputs('image find'),
      'resolve.ts': commandOutputs('resolve'),
    });
    const speaking = ['deploy', 'diff', 'image find', 'resolve'];
    const silent = COMMAND_VERBS.filter((verb) => !speaking.includes(verb));
    expect(silent.flatMap(commandOutputs)).toEqual([]);
  });
});

test('options that may be left out are told from those that are always there', () => {
  const line = 'node .lockstep/cli.mjs resolve w -e p ${M:+-m "$M"} ${T:+--templates="$T"}';
  const [job] = parseWorkflow({
    file: 'x.yml',
    text: `jobs:\n  a:\n    steps:\n      - run: ${line}\n`,
  }).jobs;
  const [use] = job ? commandsOf(job) : [];
  expect(use?.options).toEqual({ environment: 'p', model: '$M', templates: '$T' });
  expect(use?.optional).toEqual(['model', 'templates']);
});

describe('a line of the pipeline command', () => {
  const toy = (verb: string, account = '222222222222') =>
    `toy:${verb} arn:aws:toy:us-east-1:${account}:thing/kvs-infer`;
  const { repository: found } = imageOf(manifest(), 'kvs-infer') ?? never();
  const repository = `arn:aws:ecr:${found.region}:${found.account}:repository/${found.name}`;
  test.each([
    ['status kvs-infer -e production', [toy('Status')]],
    ['status kvs-infer --environment=staging', [toy('Status', '111111111111')]],
    ['verify --environment "$WHERE" kvs-infer', [toy('Verify')]],
    ['rollback kvs-infer --environment production -l', [toy('Status')]],
    [
      'rollback kvs-infer --environment production ${ID:+--deployment "$ID"}',
      ['Rollback', 'Diagnose', 'Verify', 'Confirm'].map((verb) => toy(verb)),
    ],
    [
      'rollback kvs-infer --environment production ${X:+--list}',
      ['Status', 'Rollback', 'Diagnose', 'Verify', 'Confirm'].map((verb) => toy(verb)),
    ],
    ['resolve kvs-infer --environment staging ${M:+--model "$M"}', [toy('Status', '111111111111')]],
    ['identity kvs-infer --environment staging --role deploy', []],
    ['diff kvs-infer --environment staging --templates cdk.out', []],
    ['image find kvs-infer', [`ecr:BatchGetImage ${repository}`]],
    ['deploy --help', []],
  ])('%s', (line, expected) => {
    const { calls, faults } = read(`node .lockstep/cli.mjs ${line}`, { WHERE: 'production' });
    expect(faults).toEqual([]);
    expect(calls.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
  });

  test.each([
    ['no command', ''],
    ['an unknown command', 'destroy kvs-infer --environment production'],
    ['a command in a variable', '"$COMMAND" kvs-infer --environment production'],
    ['no environment', 'status kvs-infer'],
    ['an unknown environment', 'status kvs-infer --environment test'],
    ['an environment in an unknown variable', 'status kvs-infer --environment "$WHERE_ELSE"'],
    ['an environment that GitHub fills in', 'status kvs-infer --environment "$INPUT"'],
    ['an unknown workload', 'image find other'],
    ['a command for people', 'logs kvs-infer --environment production'],
    ['another one', 'invoke kvs-infer --environment production'],
    ['an unknown option', 'status kvs-infer --environment production --force'],
  ])('is refused: %s', (_, line) => {
    const { calls, faults } = read(`node .lockstep/cli.mjs ${line}`, { INPUT: '${{ inputs.environment }}' });
    expect(calls).toEqual([]);
    expect(faults).toHaveLength(1);
  });
});

function never(): never {
  throw new Error('the fixture has no image');
}
