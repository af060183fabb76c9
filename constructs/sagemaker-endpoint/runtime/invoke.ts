import {
  InvokeEndpointCommand,
  ModelError,
  type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { awsErrorName, callAws } from '../../aws-client';
import type { SagemakerEndpointSpec } from '../spec';

export interface Answered {
  readonly kind: 'answered';
  readonly contentType: string;
  readonly body: string;
}

/**
 * The container answered with a status of its own, or not in time, for which SageMaker gives the status 0.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html (ModelError)
 */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly message: string;
}

/** What a model answered, or why it did not. */
export type Answer = Answered | Refused | { readonly kind: 'unreachable'; readonly message: string };

/** SageMaker's own answers that say that the model could not be asked, or not in time. */
const UNREACHABLE =
  /^(ModelNotReadyException|ServiceUnavailable.*|InternalFailure.*|InternalDependencyException|TimeoutError|ValidationError|ThrottlingException)$/;

/** Asks the model of an endpoint. */
export class ModelInvoker {
  constructor(
    private readonly client: SageMakerRuntimeClient,
    private readonly spec: SagemakerEndpointSpec,
  ) {}

  /** Asks, and says why there is no answer. @throws LockstepError `AwsCallFailed` where AWS refuses the caller */
  async ask(payload: Uint8Array): Promise<Answer> {
    try {
      return await this.request(payload);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const name = awsErrorName(error) ?? '';
      if (!UNREACHABLE.test(name) || !(cause instanceof Error)) throw error;
      return { kind: 'unreachable', message: `${name}: ${cause.message}` };
    }
  }

  /**
   * @param contentType @default - that of the verification
   * @throws LockstepError `AwsCallFailed` where the model could not be asked
   */
  async request(payload: Uint8Array, contentType?: string): Promise<Answered | Refused> {
    const { endpoint, verification } = this.spec;
    try {
      const { ContentType = '', Body } = await callAws('sagemaker:InvokeEndpoint', () =>
        this.client.send(
          new InvokeEndpointCommand({
            EndpointName: endpoint,
            ContentType: contentType ?? verification.contentType,
            Accept: verification.accept,
            Body: payload,
          }),
        ),
      );
      return { kind: 'answered', contentType: ContentType, body: Buffer.from(Body ?? []).toString('utf8') };
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (!(cause instanceof ModelError)) throw error;
      const { OriginalStatusCode = 500, OriginalMessage = cause.message } = cause;
      return { kind: 'refused', status: OriginalStatusCode, message: OriginalMessage };
    }
  }
}
