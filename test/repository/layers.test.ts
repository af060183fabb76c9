import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

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
    "import { judgeRollingUpdate } from './rolling-capacity';\nString(judgeRollingUpdate);",
    'a spec reads only contract/',
  ],
  [
    'constructs/ecs-service/runtime/deployer.ts',
    "import { GpuEcsService } from '../gpu-ecs-service';\nString(GpuEcsService);",
    'must not load the CDK',
  ],
  [
    'constructs/ecs-service/runtime/deployer.ts',
    "import { Construct } from 'constructs';\nString(Construct);",
    'no CDK, no projen',
  ],
  [
    'runtime/program.ts',
    "import { GpuEcsService } from '../constructs/ecs-service';\nString(GpuEcsService);",
    'must not load the CDK',
  ],
  [
    'runtime/program.ts',
    "import { buildPlatform } from '../lib/build-platform';\nString(buildPlatform);",
    'runtime/ is bundled',
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
