import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  type CreateEndpointConfigCommandInput,
  CreateModelCommand,
  type CreateModelCommandInput,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type DescribeEndpointConfigOutput,
  DescribeModelCommand,
  type DescribeModelOutput,
  ListEndpointConfigsCommand,
  type SageMakerClient,
  UpdateEndpointCommand,
  type UpdateEndpointCommandInput,
} from '@aws-sdk/client-sagemaker';
import { LockstepError } from '../../../contract';
import { awsErrorName, callAws, paged } from '../../aws-client';
import type { SagemakerEndpointSpec } from '../spec';
import { type Endpoint, endpointOf, headingOf } from './endpoint';

const LARGEST_PAGE = 100;

/** The calls of SageMaker that concern one endpoint. */
export class EndpointCalls {
  constructor(
    private readonly sagemaker: SageMakerClient,
    private readonly spec: SagemakerEndpointSpec,
  ) {}

  /** Undefined before the first deployment. */
  async endpoint(): Promise<Endpoint | undefined> {
    const output = await unlessMissing('sagemaker:DescribeEndpoint', () =>
      this.sagemaker.send(new DescribeEndpointCommand({ EndpointName: this.spec.endpoint })),
    );
    return output && endpointOf(output);
  }

  /** Undefined where there is none. */
  async config(name: string): Promise<DescribeEndpointConfigOutput | undefined> {
    return unlessMissing('sagemaker:DescribeEndpointConfig', () =>
      this.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name })),
    );
  }

  /** Undefined where there is none. */
  async model(name: string): Promise<DescribeModelOutput | undefined> {
    return unlessMissing('sagemaker:DescribeModel', () =>
      this.sagemaker.send(new DescribeModelCommand({ ModelName: name })),
    );
  }

  async createModel(input: CreateModelCommandInput): Promise<void> {
    await unlessTaken(
      () => callAws('sagemaker:CreateModel', () => this.sagemaker.send(new CreateModelCommand(input))),
      async () => (await this.model(input.ModelName ?? '')) !== undefined,
    );
  }

  async createConfig(input: CreateEndpointConfigCommandInput): Promise<void> {
    await unlessTaken(
      () =>
        callAws('sagemaker:CreateEndpointConfig', () =>
          this.sagemaker.send(new CreateEndpointConfigCommand(input)),
        ),
      async () => (await this.config(input.EndpointConfigName ?? '')) !== undefined,
    );
  }

  async createEndpoint(config: string): Promise<void> {
    await unlessTaken(
      () =>
        callAws('sagemaker:CreateEndpoint', () =>
          this.sagemaker.send(
            new CreateEndpointCommand({ EndpointName: this.spec.endpoint, EndpointConfigName: config }),
          ),
        ),
      () => this.headsTo(config),
    );
  }

  async updateEndpoint(input: Omit<UpdateEndpointCommandInput, 'EndpointName'>): Promise<void> {
    await unlessTaken(
      () =>
        callAws('sagemaker:UpdateEndpoint', () =>
          this.sagemaker.send(new UpdateEndpointCommand({ EndpointName: this.spec.endpoint, ...input })),
        ),
      () => this.headsTo(input.EndpointConfigName ?? ''),
    );
  }

  /** True once the endpoint is on its way to a config, or serves it. */
  private async headsTo(config: string): Promise<boolean> {
    const endpoint = await this.endpoint();
    return endpoint !== undefined && headingOf(endpoint) === config;
  }

  async deleteEndpoint(): Promise<void> {
    await callAws('sagemaker:DeleteEndpoint', () =>
      this.sagemaker.send(new DeleteEndpointCommand({ EndpointName: this.spec.endpoint })),
    );
  }

  /** Names of the endpoint configs that this target has made. */
  async configNames(): Promise<readonly string[]> {
    const summaries = await paged(
      'sagemaker:ListEndpointConfigs',
      async ({ nextToken: NextToken }) => {
        const page = await callAws('sagemaker:ListEndpointConfigs', () =>
          this.sagemaker.send(
            new ListEndpointConfigsCommand({
              NameContains: this.spec.namePrefix,
              MaxResults: LARGEST_PAGE,
              ...(NextToken === undefined ? {} : { NextToken }),
            }),
          ),
        );
        return { nextToken: page.NextToken, configs: page.EndpointConfigs };
      },
      ({ configs }) => configs,
    );
    return summaries
      .flatMap(({ EndpointConfigName }) => EndpointConfigName ?? [])
      .filter((name) => this.isOwn(name));
  }

  /** Deletes a config and its model, which have the same name. */
  async deleteVersion(name: string): Promise<void> {
    await unlessMissing('sagemaker:DeleteEndpointConfig', () =>
      this.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
    );
    await unlessMissing('sagemaker:DeleteModel', () =>
      this.sagemaker.send(new DeleteModelCommand({ ModelName: name })),
    );
  }

  /** True for names that this target gives. Nothing else may be read or deleted. */
  isOwn(name: string): boolean {
    const { namePrefix } = this.spec;
    return name.startsWith(`${namePrefix}-`) && /^[0-9a-f]{12}$/.test(name.slice(namePrefix.length + 1));
  }
}

/**
 * SageMaker has no exception of its own for what does not exist.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
 */
async function unlessMissing<T>(action: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await callAws(action, call);
  } catch (error) {
    const cause = LockstepError.is(error) ? error.cause : undefined;
    if (cause instanceof Error && /^Could not find /.test(cause.message)) return undefined;
    throw error;
  }
}

/**
 * When the answer to a call is lost, the SDK makes it again, and SageMaker refuses what exists or is under way by then.
 * Names stand for their content: what counts is whether the first call took effect.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
async function unlessTaken(call: () => Promise<unknown>, isTaken: () => Promise<boolean>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (awsErrorName(error) === 'ValidationException' && (await isTaken())) return;
    throw error;
  }
}
