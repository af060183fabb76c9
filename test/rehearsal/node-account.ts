import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationResult,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { type Workshop, writeMachinePrograms } from '../../rehearsal/machine';
import { programsFor } from '../../rehearsal/programs';
import {
  ACCOUNT,
  type Emulator,
  REGION,
  roleResource,
  startEmulator,
  statement,
  templateOf,
  TESTER,
} from './contract/emulator';

/** Where scripts of the tests run. */
export function openWorkshop(): Workshop & { close(): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-machines-')));
  const programs = programsFor(join(folder, 'programs'), process.env.PATH ?? '');
  const own = join(folder, 'machine-programs');
  writeMachinePrograms(own, join(programs.folder, 'bash'));
  return { folder, programs: own, path: [programs.folder], close: () => rmSync(folder, { recursive: true }) };
}

interface TestedDocument {
  readonly script: readonly string[];
  readonly parameters?: Readonly<Record<string, object>>;
  readonly timeoutSeconds?: string;
}

const document = (name: string, { script, parameters = {}, timeoutSeconds = '600' }: TestedDocument) => ({
  Type: 'AWS::SSM::Document',
  Properties: {
    Name: name,
    DocumentType: 'Command',
    Content: {
      schemaVersion: '2.2',
      parameters,
      mainSteps: [
        {
          action: 'aws:runShellScript',
          name: 'run',
          inputs: { runCommand: ['#!/usr/bin/env bash', ...script], timeoutSeconds },
        },
      ],
    },
  },
});

const instance = (profile: string, node: string) => ({
  Type: 'AWS::EC2::Instance',
  Properties: {
    InstanceType: 't3.small',
    IamInstanceProfile: { Ref: profile },
    Tags: [{ Key: 'node', Value: node }],
  },
});

const profile = (role: string) => ({
  Type: 'AWS::IAM::InstanceProfile',
  Properties: { Roles: [{ Ref: role }] },
});

const documentArn = (name: string): string => `arn:aws:ssm:${REGION}:${ACCOUNT}:document/${name}`;

/** Two nodes, one instance whose agent cannot sign in, a bucket, and a role that reaches one node by one document. */
const RESOURCES = {
  ...TESTER,
  NodeRole: roleResource('node', [
    statement('Allow', ['ssm:UpdateInstanceInformation']),
    statement('Allow', ['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::tested-runs/runs/*'),
    statement('Allow', ['s3:ListBucket'], 'arn:aws:s3:::tested-runs'),
  ]),
  StrangerRole: roleResource('stranger', [statement('Allow', ['s3:GetObject'])]),
  NodeProfile: profile('NodeRole'),
  StrangerProfile: profile('StrangerRole'),
  One: instance('NodeProfile', 'one'),
  Other: instance('NodeProfile', 'other'),
  Stranger: instance('StrangerProfile', 'stranger'),
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'tested-runs' } },
  Deployer: roleResource('deployer', [
    statement('Allow', ['ssm:SendCommand'], documentArn('own')),
    {
      ...statement('Allow', ['ssm:SendCommand'], `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/*`),
      Condition: { StringEquals: { 'ssm:resourceTag/node': 'one' } },
    },
  ]),
};

/** An account with documents, by their names, and the real SDK. */
export class NodeAccount {
  private constructor(
    readonly emulator: Emulator,
    readonly ssm: SSMClient,
  ) {}

  static async open(
    workshop: Workshop,
    documents: Readonly<Record<string, TestedDocument>>,
  ): Promise<NodeAccount> {
    const made = Object.entries(documents).map(([name, each]) => [`Document${name}`, document(name, each)]);
    const template = templateOf({ ...RESOURCES, ...(Object.fromEntries(made) as Record<string, object>) });
    const emulator = await startEmulator([template], {
      workshop: { ...workshop, folder: mkdtempSync(join(workshop.folder, 'account-')) },
    });
    return new NodeAccount(emulator, new SSMClient(emulator.settings()));
  }

  /** Id of the instance with the tag. */
  node(tag = 'one'): string {
    const instances = this.emulator.aws.world.ec2.instances({ account: ACCOUNT, region: REGION });
    return instances.find(({ tags }) => tags.node === tag)?.id ?? '';
  }

  async send(
    name: string,
    parameters: Readonly<Record<string, string[]>> = {},
    node = this.node(),
  ): Promise<string> {
    const { Command } = await this.ssm.send(
      new SendCommandCommand({
        DocumentName: name,
        InstanceIds: [node],
        Parameters: parameters,
        TimeoutSeconds: 60,
      }),
    );
    return Command?.CommandId ?? '';
  }

  look(command: string, node = this.node()): Promise<GetCommandInvocationResult> {
    return this.ssm.send(new GetCommandInvocationCommand({ CommandId: command, InstanceId: node }));
  }

  async cancel(command: string): Promise<void> {
    await this.ssm.send(new CancelCommandCommand({ CommandId: command }));
  }

  /** Virtual time, during which scripts go on. */
  pass(seconds: number): Promise<void> {
    return this.emulator.clock.sleep(seconds * 1_000);
  }

  /** Runs a command to its end. */
  async run(
    name: string,
    parameters: Readonly<Record<string, string[]>> = {},
  ): Promise<GetCommandInvocationResult> {
    const command = await this.send(name, parameters);
    for (;;) {
      await this.pass(2);
      const seen = await this.look(command);
      if (!['Pending', 'InProgress', 'Cancelling'].includes(seen.Status ?? '')) return seen;
    }
  }
}
