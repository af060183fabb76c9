import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import platform from '../fixtures/sample-platform';
import { buildPlatform } from '../../lib/build-platform';

// Each rule of ARCHITECTURE.md, broken by one import. The linter must name the reason.

const broken: readonly (readonly [string, string, string])[] = [
  ['contract/manifest.ts', "import { App } from 'aws-cdk-lib';\nnew App();", 'contract/ is the leaf'],
  [
    'contract/manifest.ts',
    "import { stackNames } from '../lib/names';\nstackNames.access('a', 'b');",
    'contract/ is the leaf',
  ],
  [
    'workflows/index.ts',
    "import { stackNames } from '../lib/names';\nstackNames.access('a', 'b');",
    'put what you need into the manifest envelope',
  ],
  [
    'workflows/index.ts',
    "import { Stack } from 'aws-cdk-lib';\nnew Stack();",
    'put what you need into the manifest envelope',
  ],
  [
    'workflows/index.ts',
    "import { ECS_SERVICE_KIND } from '../constructs/ecs-service/spec';\nString(ECS_SERVICE_KIND);",
    'put what you need into the manifest envelope',
  ],
  [
    'lib/manifest.ts',
    "import { planPipelines } from '../workflows';\nString(planPipelines);",
    'lib/ only composes',
  ],
  ['lib/manifest.ts', "import { Project } from 'projen';\nString(Project);", 'lib/ only composes'],
  [
    'constructs/network/network.ts',
    "import { stackNames } from '../../lib/names';\nstackNames.access('a', 'b');",
    'what they need from outside comes in as props',
  ],
  [
    'constructs/network/network.ts',
    "import { ECSClient } from '@aws-sdk/client-ecs';\nnew ECSClient({});",
    'calls belong into runtime/',
  ],
  [
    'constructs/deploy-role/deploy-role.ts',
    "import { parseEcsServiceSpec } from '../ecs-service/spec';\nString(parseEcsServiceSpec);",
    'through its index.ts',
  ],
  [
    'constructs/ecs-service/spec.ts',
    "import { judgeUpdate } from './update-capacity';\nString(judgeUpdate);",
    'a spec reads only contract/',
  ],
  [
    'constructs/ecs-service/runtime/deployer.ts',
    "import { EcsService } from '../ecs-service';\nString(EcsService);",
    'must not load the CDK',
  ],
  [
    'constructs/ecs-service/runtime/deployer.ts',
    "import { Construct } from 'constructs';\nString(Construct);",
    'no CDK, no projen',
  ],
  [
    'runtime/program.ts',
    "import { EcsService } from '../constructs/ecs-service';\nString(EcsService);",
    'must not load the CDK',
  ],
  [
    'runtime/program.ts',
    "import { buildPlatform } from '../lib/build-platform';\nString(buildPlatform);",
    'runtime/ is bundled',
  ],
  [
    'runbook/index.ts',
    "import { EcsService } from '../constructs/ecs-service';\nString(EcsService);",
    'only specs and reviewed tables',
  ],
];

const ENVIRONMENT = 'export const home = process.env.HOME;\n';
const ALLOWED = "import { LockstepError } from '../contract';\nString(LockstepError);\n";

const cases = [
  ...broken.map(([file, code]) => [file, code]),
  ['lib/manifest.ts', ENVIRONMENT],
  ['runtime/environment.ts', ENVIRONMENT],
  ['lib/manifest.ts', ALLOWED],
];
const output = execFileSync(process.execPath, [join(__dirname, 'lint-text.mjs')], {
  cwd: join(__dirname, '../..'),
  input: JSON.stringify(cases),
});
const messages = JSON.parse(String(output)) as string[][];

test.each(broken.map(([file, code, reason], index) => [file, code, reason, index] as const))(
  '%s may not say %j',
  (_file, _code, reason, index) => {
    expect(messages[index]?.join('\n')).toContain(reason);
  },
);

test('the environment is read at the edges only', () => {
  expect(messages.at(-3)).toContainEqual(expect.stringContaining('read at the edges only'));
  expect(messages.at(-2)).toEqual([]);
});

test('what is allowed stays allowed', () => {
  expect(messages.at(-1)).toEqual([]);
});

test('workflows/ names no kind of target: what differs stands behind the verbs', () => {
  const kinds = new Set(buildPlatform(platform).manifest.targets.map(({ kind }) => kind));
  expect(kinds.size).toBeGreaterThan(1);
  // `ecs-service` is `ecs`, alone or as a part of a name such as `ecsService` and `EcsService`.
  const words = [...kinds].flatMap((kind) => kind.split('-')[0] ?? []);
  const capitals = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const alone = new RegExp(`(?<![a-z])(?:${words.join('|')})(?![a-z])`, 'i');
  const within = new RegExp(`(?:${[...words, ...capitals].join('|')})(?=[A-Z])`);
  const folder = join(__dirname, '../../workflows');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(10);
  const naming = (text: string) => alone.test(text) || within.test(text);
  expect(['SageMaker', 'ecsService', 'EcsService', 'an ECS service'].filter(naming)).toHaveLength(4);
  expect(files.filter((file) => naming(readFileSync(join(folder, file), 'utf8')))).toEqual([]);
});
