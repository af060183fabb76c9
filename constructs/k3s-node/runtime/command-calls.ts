import {
  CancelCommandCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationResult,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { LockstepError } from '../../../contract';
import { awsErrorName, callAws } from '../../aws-client';
import type { K3sNodeSpec } from '../spec';
import { nodeUnreachable } from './node';

/**
 * What the document can do. `undo` leads back to the state before a release that is open, `rollback` to a release of the
 * past.
 */
export type NodeAction =
  'deploy' | 'traffic' | 'sample' | 'finish' | 'undo' | 'rollback' | 'health' | 'backup';

export interface NodeOrder {
  readonly action: NodeAction;
  readonly release?: string;
  /** Per cent of the traffic for the new version. @default 0 */
  readonly weight?: number;
  /** Seconds after which SSM ends the script. */
  readonly deadlineSeconds: number;
}

/** Seconds within which the agent must have taken a command. SSM allows no less than thirty. */
export const DELIVERY_SECONDS = 120;

/** The calls of Run Command, with the one document of the target. */
export class CommandCalls {
  constructor(
    private readonly ssm: SSMClient,
    private readonly spec: K3sNodeSpec,
    private readonly stack: string,
  ) {}

  /**
   * @returns the id of the command
   * @throws LockstepError `NodeUnreachable` where SSM takes no command for the instance, `NotDeployed` without document
   * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
   */
  async send(instance: string, run: string, order: NodeOrder): Promise<string> {
    try {
      const { Command } = await callAws('ssm:SendCommand', () =>
        this.ssm.send(
          new SendCommandCommand({
            DocumentName: this.spec.document,
            InstanceIds: [instance],
            Comment: run,
            TimeoutSeconds: DELIVERY_SECONDS,
            Parameters: {
              Action: [order.action],
              Run: [run],
              Release: [order.release ?? ''],
              Weight: [String(order.weight ?? 0)],
              DeadlineSeconds: [String(order.deadlineSeconds)],
            },
          }),
        ),
      );
      return Command?.CommandId ?? '';
    } catch (error) {
      const name = awsErrorName(error);
      if (name === 'InvalidInstanceId') {
        throw nodeUnreachable(instance, 'Systems Manager takes no command for it');
      }
      if (name !== 'InvalidDocument') throw error;
      throw new LockstepError('NotDeployed', {
        place: `SSM document ${this.spec.document}`,
        value: 'no such document',
        allowed: 'the document that the stack creates',
        change: `run \`npx cdk deploy ${this.stack}\``,
      });
    }
  }

  /** Undefined while SSM does not know it yet. */
  async invocation(command: string, instance: string): Promise<GetCommandInvocationResult | undefined> {
    try {
      return await callAws('ssm:GetCommandInvocation', () =>
        this.ssm.send(new GetCommandInvocationCommand({ CommandId: command, InstanceId: instance })),
      );
    } catch (error) {
      if (awsErrorName(error) === 'InvocationDoesNotExist') return undefined;
      throw error;
    }
  }

  /** What has ended already stays as it is. */
  async cancel(command: string, instance: string): Promise<void> {
    await callAws('ssm:CancelCommand', () =>
      this.ssm.send(new CancelCommandCommand({ CommandId: command, InstanceIds: [instance] })),
    );
  }
}
