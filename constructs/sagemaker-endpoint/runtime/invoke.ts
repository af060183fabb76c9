import {
  InvokeEndpointCommand,
  ModelError,
  type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { awsErrorName, callAws } from '../../aws-client';
import type { SagemakerEndpointSpec } from '../spec';

/** What a model answered, or why it did not. */
export type Answer =
  | { readonly kind: 'answered'; readonly contentType: string; readonly body: string }
  /** The container answered with a status of its own. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string };

/** SageMaker's own answers that say that the model could not be asked, or not in time. */
const UNREACHABLE =
  /^(ModelNotReadyException|ServiceUnavailable.*|InternalFailure.*|InternalDependencyException|TimeoutError|ValidationError|ThrottlingException)$/;

/** Asks the model of an endpoint. */
export class ModelInvoker {
  constructor(
    private readonly client: SageMakerRuntimeClient,
    private readonly spec: SagemakerEndpointSpec,
  ) {}

  /** @throws LockstepError `AwsCallFailed` where AWS refuses the caller */
  async invoke(payload: Uint8Array): Promise<Answer> {
    const { endpoint, verification } = this.spec;
    try {
      const { ContentType = '', Body } = await callAws('sagemaker:InvokeEndpoint', () =>
        this.client.send(
          new InvokeEndpointCommand({
            EndpointName: endpoint,
            ContentType: verification.contentType,
            Accept: verification.accept,
            Body: payload,
          }),
        ),
      );
      return { kind: 'answered', contentType: ContentType, body: Buffer.from(Body ?? []).toString('utf8') };
    } catch (error) {
      return failureOf(error);
    }
  }
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html (errors) */
function failureOf(error: unknown): Answer {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof ModelError) {
    return {
      kind: 'refused',
      status: cause.OriginalStatusCode ?? 500,
      message: cause.OriginalMessage ?? cause.message,
    };
  }
  const name = awsErrorName(error) ?? '';
  if (!UNREACHABLE.test(name) || !(cause instanceof Error)) throw error;
  return { kind: 'unreachable', message: `${name}: ${cause.message}` };
}
