import { GetParameterHistoryCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { LockstepError, NOTHING_RELEASED, type Version } from '../../../contract';
import { awsErrorName, callAws, paged } from '../../aws-client';
import type { K3sNodeSpec } from '../spec';

/** One release of the past. */
export interface PastRelease {
  readonly version: Version;
  readonly at?: Date;
}

/** The SSM parameter with the release that passed its checks last: its name, then its images. */
export class ReleaseRecord {
  constructor(
    private readonly ssm: SSMClient,
    private readonly spec: K3sNodeSpec,
    private readonly stack: string,
  ) {}

  /**
   * Releases of the past, newest first and each once: Parameter Store keeps what a parameter has held.
   *
   * @throws LockstepError `NotDeployed` when there is no parameter
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html (the last hundred)
   */
  async history(): Promise<readonly PastRelease[]> {
    const versions = await paged(
      'ssm:GetParameterHistory',
      (token) => this.page(token.nextToken),
      (page) => page.versions,
    );
    const newestFirst = [...versions].sort((a, b) => (b.Version ?? 0) - (a.Version ?? 0));
    const releases = new Map<string, PastRelease>();
    for (const { Value = NOTHING_RELEASED, LastModifiedDate: at } of newestFirst) {
      const [name = NOTHING_RELEASED, ...images] = Value.split(' ');
      if (name === NOTHING_RELEASED || releases.has(name)) continue;
      releases.set(name, { version: { name, images }, ...(at === undefined ? {} : { at }) });
    }
    return [...releases.values()];
  }

  /** Writes a release, unless it is the one that is written. @returns false then */
  async write({ name, images = [] }: Version): Promise<boolean> {
    const [last] = await this.history();
    if (last?.version.name === name) return false;
    await callAws('ssm:PutParameter', () =>
      this.ssm.send(
        new PutParameterCommand({
          Name: this.spec.parameters.released,
          Value: [name, ...images].join(' '),
          Overwrite: true,
        }),
      ),
    );
    return true;
  }

  private async page(NextToken: string | undefined) {
    const Name = this.spec.parameters.released;
    try {
      const page = await callAws('ssm:GetParameterHistory', () =>
        this.ssm.send(
          new GetParameterHistoryCommand({ Name, ...(NextToken === undefined ? {} : { NextToken }) }),
        ),
      );
      return { nextToken: page.NextToken, versions: page.Parameters };
    } catch (error) {
      if (awsErrorName(error) !== 'ParameterNotFound') throw error;
      throw new LockstepError('NotDeployed', {
        place: `SSM parameter ${Name}`,
        value: 'no such parameter',
        allowed: 'the parameter that the stack creates',
        change: `run \`npx cdk deploy ${this.stack}-state\``,
      });
    }
  }
}
