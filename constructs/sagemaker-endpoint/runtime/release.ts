import {
  GetParameterHistoryCommand,
  GetParametersCommand,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { LockstepError, NOTHING_RELEASED, type Version } from '../../../contract';
import { callAws, paged } from '../../aws-client';
import { type EndpointSettings, type SagemakerEndpointSpec, settingsSchema } from '../spec';

export interface ReleaseParameters {
  /** Settings that the stack declares. */
  readonly declared: EndpointSettings;
  /** Endpoint config that was last released; absent before the first release, as the others are. */
  readonly config?: string;
  readonly image?: string;
  readonly model?: string;
}

/** One release of the past. */
export interface PastRelease {
  readonly config: string;
  readonly at?: Date;
}

/** The SSM parameters through which the stack and the pipeline tell each other what runs. */
export class ReleaseRecord {
  constructor(
    private readonly ssm: SSMClient,
    private readonly spec: SagemakerEndpointSpec,
    private readonly stack: string,
  ) {}

  /** @throws LockstepError `NotDeployed` when a parameter is missing */
  async read(): Promise<ReleaseParameters> {
    const { declaredSettings, releasedConfig, releasedImage, releasedModel } = this.spec.parameters;
    const Names = [declaredSettings, releasedConfig, releasedImage, releasedModel];
    const { Parameters = [], InvalidParameters = [] } = await callAws('ssm:GetParameters', () =>
      this.ssm.send(new GetParametersCommand({ Names })),
    );
    const value = (name: string) => Parameters.find((parameter) => parameter.Name === name)?.Value;
    const declared = value(declaredSettings);
    if (declared === undefined || InvalidParameters.length > 0) {
      throw this.notDeployed(InvalidParameters.join(', ') || declaredSettings, 'no such parameter');
    }
    const [config, image, model] = [releasedConfig, releasedImage, releasedModel].map((name) =>
      unlessNothing(value(name)),
    );
    return {
      declared: this.settings(declared),
      ...(config === undefined ? {} : { config }),
      ...(image === undefined ? {} : { image }),
      ...(model === undefined ? {} : { model }),
    };
  }

  /**
   * Releases of the past, newest first and each once: Parameter Store keeps what a parameter has held.
   *
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html (the last hundred)
   */
  async history(): Promise<readonly PastRelease[]> {
    const versions = await paged(
      'ssm:GetParameterHistory',
      async ({ nextToken: NextToken }) => {
        const page = await callAws('ssm:GetParameterHistory', () =>
          this.ssm.send(
            new GetParameterHistoryCommand({
              Name: this.spec.parameters.releasedConfig,
              ...(NextToken === undefined ? {} : { NextToken }),
            }),
          ),
        );
        return { nextToken: page.NextToken, versions: page.Parameters };
      },
      (page) => page.versions,
    );
    const newestFirst = [...versions].sort((a, b) => (b.Version ?? 0) - (a.Version ?? 0));
    const releases = new Map<string, PastRelease>();
    for (const { Value, LastModifiedDate: at } of newestFirst) {
      const config = unlessNothing(Value);
      if (config === undefined || releases.has(config)) continue;
      releases.set(config, { config, ...(at === undefined ? {} : { at }) });
    }
    return [...releases.values()];
  }

  /** Writes what runs now, unless it is written already. The config comes last: the stack goes by it. */
  async write({ name, image, model }: Version): Promise<boolean> {
    const before = await this.read();
    const { releasedConfig, releasedImage, releasedModel } = this.spec.parameters;
    const changes: readonly (readonly [string, string])[] = [
      ...(image === undefined || before.image === image ? [] : [[releasedImage, image] as const]),
      ...(model === undefined || before.model === model ? [] : [[releasedModel, model] as const]),
      ...(before.config === name ? [] : [[releasedConfig, name] as const]),
    ];
    for (const [Name, Value] of changes) {
      await callAws('ssm:PutParameter', () =>
        this.ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true })),
      );
    }
    return changes.length > 0;
  }

  private settings(text: string): EndpointSettings {
    const parsed = settingsSchema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    throw this.notDeployed(this.spec.parameters.declaredSettings, text);
  }

  private notDeployed(parameter: string, value: string): LockstepError {
    return new LockstepError('NotDeployed', {
      place: `SSM parameter ${parameter}`,
      value,
      allowed: 'the parameters that the stack creates',
      change: `run \`npx cdk deploy ${this.stack}\``,
    });
  }
}

const unlessNothing = (value: string | undefined): string | undefined =>
  value === NOTHING_RELEASED ? undefined : value;

/** Undefined for what is no JSON: the schema then says what it should be. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
