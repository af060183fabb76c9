import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Codec, codecFor, type Incoming, type Outgoing } from '../../rehearsal/aws/protocol';
import { errorSchema, operationSchema } from '../../rehearsal/aws/schema';
import { schemaFaults } from '../../rehearsal/aws/schema-faults';
import { credentialOf } from '../../rehearsal/aws/server/credential';
import { ApiFault, type AwsService, type Call, type Question } from '../../rehearsal/aws/service';

/** A call that reached the emulated services, as IAM would see it. */
export interface SeenCall {
  /** Label that the test had set when the call came, such as the verb. */
  readonly during: string;
  readonly action: string;
  readonly resources: readonly string[];
  /** Condition keys that say which target the request is about, with their values. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** Something that goes wrong with the next calls of an action. */
export interface Fault {
  readonly action: RegExp;
  times: number;
  readonly kind: 'throttle' | 'reset' | 'serverError' | 'denied' | 'hang' | 'expired';
}

type Answer = Readonly<Record<string, unknown>>;

/** What a test does when an action is called, besides what the service does. */
export interface Twist {
  readonly action: RegExp;
  /** Runs before the service answers. */
  readonly before?: () => void;
  /** Gives another answer than the service, such as one that is some seconds old. */
  readonly answer?: (answer: Answer) => Answer;
}

/** Condition keys by which a policy tells one target from another. */
const TARGET_KEYS = ['ec2:Region', 'ecs:cluster', 'iam:PassedToService', 'ssm:resourceTag/lockstep:target'];

/**
 * The emulated services on loopback, for tests of deployers: nobody signs in, everything is allowed, and a test
 * may bend single answers. Requests and answers are checked against the SDK's schemas.
 */
export class AwsServer {
  readonly calls: SeenCall[] = [];
  readonly faults: Fault[] = [];
  readonly twists: Twist[] = [];
  during = '';
  private readonly server: Server;

  /**
   * @param services what answers, by its name in a signature
   * @param call account, region and time of a call
   */
  constructor(
    private readonly services: readonly AwsService[],
    private readonly call: () => Call,
  ) {
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  actions(during?: string): readonly string[] {
    return this.calls
      .filter((call) => during === undefined || call.during === during)
      .map(({ action }) => action);
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await incoming(message);
    const service = this.services.find(({ signingName }) => signingName === credentialOf(request)?.service);
    const codec = codecFor(service ?? { protocol: 'json' }, request);
    const operation = (service && codec.operation(request, service)) ?? '';
    const action = `${service?.signingName ?? ''}:${operation}`;
    const fault = this.faults.find((each) => each.times > 0 && each.action.test(action));
    if (fault) fault.times -= 1;
    if (fault?.kind === 'reset') message.socket.destroy();
    // Nobody answers, until the caller loses patience.
    if (fault?.kind === 'reset' || fault?.kind === 'hang') return;
    try {
      if (fault) throw faultOf(fault.kind, action);
      if (!service) throw new ApiFault('UnknownOperationException', action);
      send(response, this.answer(codec, request, service, operation, action));
    } catch (error) {
      const fault = error instanceof ApiFault ? error : new ApiFault('EmulatorIsWrong', String(error), 501);
      const { type, message: text, members } = fault;
      const known = service && fault.status === 400 ? errorSchema(service.schemas, type).status : undefined;
      const status = known ?? fault.status;
      send(response, codec.fail({ type, code: type, message: text, status, members }, request, ''));
    }
  }

  private answer(
    codec: Codec,
    request: Incoming,
    service: AwsService,
    name: string,
    action: string,
  ): Outgoing {
    const operation = service.operations[name];
    const schema = operationSchema(service.schemas, name);
    if (!operation || !schema) throw new ApiFault('UnknownOperationException', action);
    const input = codec.read(request, schema);
    const [invalid] = schemaFaults(schema.input, input, name, 'input');
    if (invalid !== undefined) throw new ApiFault('ValidationException', invalid);
    this.note(operation.questions(input, this.call()));
    const twists = this.twists.filter((each) => each.action.test(action));
    for (const { before } of twists) before?.();
    const modelled = { ...operation.handle(input, this.call()) };
    const output = twists.reduce<Answer>((given, { answer: change }) => {
      // As it would come over the wire: without what is undefined, and with numbers for dates.
      return change?.(JSON.parse(String(codec.write(given, schema, '').body)) as Answer) ?? given;
    }, modelled);
    const [wrong] = schemaFaults(schema.output, output, name, 'output');
    if (wrong !== undefined) throw new ApiFault('EmulatorIsWrong', wrong, 501);
    return codec.write(output, schema, '');
  }

  /** One entry for each action and the conditions that are asked with it: a call may need several. */
  private note(questions: readonly Question[]): void {
    const { during } = this;
    const told = questions.map(({ action, resource, context = {} }) => ({
      action,
      resource,
      context: Object.fromEntries(Object.entries(context).filter(([key]) => TARGET_KEYS.includes(key))),
    }));
    const kindOf = ({ action, context }: (typeof told)[number]) => JSON.stringify([action, context]);
    for (const kind of new Set(told.map(kindOf))) {
      const alike = told.filter((each) => kindOf(each) === kind);
      const [{ action, context } = { action: '', context: {} }] = alike;
      this.calls.push({ during, action, resources: alike.map(({ resource }) => resource), context });
    }
  }
}

async function incoming(message: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk as Uint8Array));
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
  );
  const { pathname: path, searchParams: query } = url;
  return { method: message.method ?? 'POST', path, query, headers, body: Buffer.concat(chunks) };
}

function faultOf(kind: Exclude<Fault['kind'], 'reset' | 'hang'>, action: string): ApiFault {
  if (kind === 'throttle') return new ApiFault('ThrottlingException', 'Rate exceeded');
  if (kind === 'serverError') return new ApiFault('ServerException', 'Service Unavailable', 503);
  if (kind === 'expired') {
    return new ApiFault('ExpiredTokenException', 'The security token included in the request is expired');
  }
  return new ApiFault('AccessDeniedException', `User is not authorized to perform: ${action}`);
}

function send(response: ServerResponse, { status, headers, body }: Outgoing): void {
  response.writeHead(status, { ...headers, 'x-amzn-requestid': 'request-1' });
  response.end(body);
}
