import type { NamedPolicy, RequestContext } from '../../proofs/iam';

/**
 * Members of a request or an answer, as the SDK names them, whatever the protocol. Timestamps are seconds since
 * the epoch; an answer may also hold a `Date`. Blobs are `Uint8Array`.
 */
export type Input = Readonly<Record<string, unknown>>;

/**
 * How a service is spoken to. `json` is JSON 1.0 or 1.1 with `X-Amz-Target`, which CloudWatch also speaks as
 * CBOR, and without a target REST with JSON, which SageMaker's runtime speaks; `query` is a form with `Action`
 * and an answer in XML, `ec2` its dialect; `restXml` is S3's.
 *
 * @see https://smithy.io/2.0/aws/protocols/index.html
 */
export type Protocol = 'json' | 'query' | 'ec2' | 'restXml';

/** Who calls: a session of a role that the emulated STS gave out. */
export interface Caller {
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
  readonly account: string;
  /** ARN of the role. */
  readonly role: string;
}

/** A call on its way to an operation. */
export interface Call {
  /** Missing for calls that nobody signs, such as `AssumeRoleWithWebIdentity`. */
  readonly caller?: Caller;
  /** Account whose resources a name without an account means: that of the caller. */
  readonly account: string;
  /** Region that the call was signed for. */
  readonly region: string;
  /** Milliseconds since the epoch, of virtual time. */
  readonly now: number;
}

/** One question to IAM. An operation may ask several; all must be allowed. */
export interface Question {
  /** Such as `ecs:UpdateService`. */
  readonly action: string;
  /** ARN, or `*` where IAM offers no resource type. */
  readonly resource: string;
  /** Condition keys that the request carries. */
  readonly context?: RequestContext;
  /** Policies of the resource, such as those of an ECR repository or a bucket. */
  readonly policies?: readonly NamedPolicy<'resource'>[];
}

/** One operation of a service. */
export interface Operation {
  /** Page of AWS that the modelled behaviour follows. */
  readonly source: string;
  /** What IAM is asked before `handle` runs. An empty list: everybody may. */
  questions(input: Input, call: Call): readonly Question[];
  /** ARN that the call is about, for the record of calls that IAM is not asked about. @default `*` */
  about?(input: Input): string;
  /** @throws ApiFault as the service answers to what it refuses */
  handle(input: Input, call: Call): object;
}

/** An error that a service answers with. */
export class ApiFault extends Error {
  /**
   * @param type name of the exception in the API reference, such as `ClusterNotFoundException`
   * @param status HTTP status
   * @param because what the caller is not told, for the record of calls
   * @param members what the exception tells besides its message
   */
  constructor(
    readonly type: string,
    message: string,
    readonly status: number = 400,
    readonly because: readonly string[] = [],
    readonly members: Input = {},
  ) {
    super(message);
  }
}

/** A resource of a template, as CloudFormation hands it to its service: intrinsic functions are resolved. */
export interface TemplateResource {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  /** Construct path. */
  readonly path: string;
  /** Such as `AWS::ECS::Service`. */
  readonly type: string;
  readonly properties: Input;
}

/** What the template may refer to once the resource exists. */
export interface Made {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One emulated service. A new one is a folder with such an object, and one line in `aws/services.ts`. */
export interface AwsService {
  /** Service of the credential scope in a signature, such as `ecs`; `elasticloadbalancing` for ELBv2. */
  readonly signingName: string;
  readonly protocol: Protocol;
  /** Namespace of the SDK package, whose schemas check every request and answer. */
  readonly schemas: object;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Makes the resources of a template, by CloudFormation type. */
  readonly makes: Readonly<Record<string, (resource: TemplateResource) => Made>>;
  /**
   * Everything that the service remembers, as plain data: a situation is kept by copying it, and taken up
   * again by putting the copy back.
   */
  state: object;
  /** What a run should not have left behind, one line each, such as a deployment that has not ended. */
  leftovers(): readonly string[];
}

/**
 * @throws ApiFault `InvalidParameterException`
 */
export function stringOf(input: Input, field: string): string {
  const value = input[field];
  if (typeof value !== 'string') throw new ApiFault('InvalidParameterException', `${field} is missing`);
  return value;
}

/**
 * @throws ApiFault `InvalidParameterException`
 */
export function stringsOf(input: Input, field: string): readonly string[] {
  const value = input[field];
  if (!Array.isArray(value)) throw new ApiFault('InvalidParameterException', `${field} is missing`);
  return value.map(String);
}

/**
 * At most so many ids in one call.
 *
 * @throws ApiFault as AWS answers to more
 */
export function limited(input: Input, field: string, most: number): readonly string[] {
  const ids = stringsOf(input, field);
  if (ids.length > most) throw new ApiFault('InvalidParameterException', `${field}: at most ${most}`);
  return ids;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/**
 * One page of a list. It never holds more than half of it, so that a reader who stops at the first page is
 * found out.
 *
 * @param most largest `maxResults` that AWS accepts
 * @throws ApiFault `InvalidParameterException`
 */
export function page<T>(input: Input, items: readonly T[], most: number): Page<T> {
  const asked = Number(input.maxResults ?? most);
  if (asked < 1 || asked > most) throw new ApiFault('InvalidParameterException', `maxResults: 1 to ${most}`);
  const start = input.nextToken === undefined ? 0 : Number(stringOf(input, 'nextToken'));
  const end = start + Math.min(asked, Math.max(1, Math.ceil(items.length / 2)));
  return { items: items.slice(start, end), ...(end < items.length ? { nextToken: String(end) } : {}) };
}
