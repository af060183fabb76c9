import { GetParametersCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { LockstepError, NOTHING_RELEASED } from '../../../contract';
import { callAws } from '../../aws-client';
import type { EcsServiceSpec } from '../spec';

export interface ReleaseParameters {
  /** ARN of the task definition that the stack declares. */
  readonly declared: string;
  /** ARN of the task definition that was last released; absent before the first release. */
  readonly released?: string;
  /** Image that was last released; absent before the first release. */
  readonly image?: string;
}

/** The SSM parameters through which the stack and the pipeline tell each other what runs. */
export class ReleaseRecord {
  constructor(
    private readonly ssm: SSMClient,
    private readonly spec: EcsServiceSpec,
    private readonly stack: string,
  ) {}

  /** @throws LockstepError `NotDeployed` when a parameter is missing */
  async read(): Promise<ReleaseParameters> {
    const { declaredTaskDefinition, releasedTaskDefinition, releasedImage } = this.spec.parameters;
    const { Parameters = [], InvalidParameters = [] } = await callAws('ssm:GetParameters', () =>
      this.ssm.send(
        new GetParametersCommand({ Names: [declaredTaskDefinition, releasedTaskDefinition, releasedImage] }),
      ),
    );
    const value = (name: string) => Parameters.find((parameter) => parameter.Name === name)?.Value;
    const declared = value(declaredTaskDefinition);
    if (declared === undefined || InvalidParameters.length > 0) {
      throw new LockstepError('NotDeployed', {
        place: `SSM parameter ${InvalidParameters.join(', ') || declaredTaskDefinition}`,
        value: 'no such parameter',
        allowed: 'the parameters that the stack creates',
        change: `run \`npx cdk deploy ${this.stack}\``,
      });
    }
    const released = unlessNothing(value(releasedTaskDefinition));
    const image = unlessNothing(value(releasedImage));
    return {
      declared,
      ...(released === undefined ? {} : { released }),
      ...(image === undefined ? {} : { image }),
    };
  }

  /** Writes what runs now, unless it is written already. */
  async write(taskDefinition: string, image: string | undefined): Promise<boolean> {
    const before = await this.read();
    const { releasedTaskDefinition, releasedImage } = this.spec.parameters;
    const changes: readonly (readonly [string, string])[] = [
      ...(before.released === taskDefinition ? [] : [[releasedTaskDefinition, taskDefinition] as const]),
      ...(image === undefined || before.image === image ? [] : [[releasedImage, image] as const]),
    ];
    for (const [Name, Value] of changes) {
      await callAws('ssm:PutParameter', () =>
        this.ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true })),
      );
    }
    return changes.length > 0;
  }
}

const unlessNothing = (value: string | undefined): string | undefined =>
  value === NOTHING_RELEASED ? undefined : value;
