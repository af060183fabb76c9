import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measure';
import type { Workspace } from './workspace';

/** `tsx` as a shell would start it. */
const TSX = require.resolve('tsx/cli');
/** As `cdk.json` starts the app. */
const AS_APP = ['--import', 'tsx'];
/** The least that any CDK app does. */
const LOAD_CDK = "const { App, Stack } = require('aws-cdk-lib'); new Stack(new App(), 'One');";

/** The processes that are compared, in one workspace. */
export interface Commands {
  /** What the default task of `npx projen` runs. */
  readonly regenerate: Command;
  /** The floor of `regenerate`: the plain CDK app under the same runner. */
  readonly plainByRunner: Command;
  /** Node, `aws-cdk-lib`, one empty stack. */
  readonly loadCdk: Command;
  /** Synthesis of the platform, without CloudFormation rules and cdk-nag. */
  readonly synth: Command;
  readonly plain: Command;
  /** `bin/app.ts` as it is: with CloudFormation rules and cdk-nag. */
  readonly synthWithChecks: Command;
  readonly plainWithChecks: Command;
}

/** @param size what the plain app is told: `sample`, or a number of services */
export function commandsIn(workspace: Workspace, size: string): Commands {
  const { folder } = workspace;
  // The CDK command line hands the settings of cdk.json to the app in this way.
  const { context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')) as { context: object };
  const app = (name: string, args: readonly string[], checks: boolean): Command => ({
    name,
    args,
    cwd: folder,
    env: {
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_OUTDIR: workspace.assembly(name),
      CDK_VALIDATION: String(checks),
    },
    prepare: () => rmSync(workspace.assembly(name), { recursive: true, force: true }),
  });
  return {
    regenerate: {
      name: 'regenerate',
      // It proves all the same, but writes files with findings too; the report counts them.
      args: [TSX, '.projenrc.ts', '--force'],
      cwd: folder,
      env: { PROJEN_DISABLE_POST: 'true' },
      prepare: () => workspace.deleteGenerated(),
    },
    plainByRunner: app('plain CDK app, same runner', [TSX, 'bench/processes/plain.ts', size], false),
    loadCdk: {
      name: 'Node loads aws-cdk-lib',
      args: ['--eval', LOAD_CDK],
      cwd: folder,
      env: {},
      prepare: () => undefined,
    },
    synth: app('synth', [...AS_APP, 'bench/processes/lockstep.ts'], false),
    plain: app('plain CDK app', [...AS_APP, 'bench/processes/plain.ts', size], false),
    synthWithChecks: app('synth with all checks', [...AS_APP, 'bin/app.ts'], true),
    plainWithChecks: app(
      'plain CDK app with all checks',
      [...AS_APP, 'bench/processes/plain-with-checks.ts', size],
      true,
    ),
  };
}
