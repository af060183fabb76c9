import type { OperationSchema } from '../schema';
import type { AwsService } from '../service';

/** A request as it came over HTTP. */
export interface Incoming {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer as it goes over HTTP. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** An error on its way to the caller. */
export interface Failure {
  /** Name of the exception, such as `ClusterNotFoundException`. */
  readonly type: string;
  /** Code on the wire of the query protocols and of S3. */
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** What the exception tells besides its message. @default - nothing */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** One protocol of AWS, seen from the server. */
export interface Codec {
  /** Name of the operation. Undefined where the request names none. */
  operation(request: Incoming, service: AwsService): string | undefined;
  /**
   * Members of the request, by the names that the SDK uses. What the schema does not know stays in under its own
   * name, so that the check finds it.
   *
   * @throws SyntaxError for a body that cannot be read at all
   */
  read(request: Incoming, operation: OperationSchema): Readonly<Record<string, unknown>>;
  write(output: object, operation: OperationSchema, requestId: string): Outgoing;
  fail(failure: Failure, request: Incoming, requestId: string): Outgoing;
}
