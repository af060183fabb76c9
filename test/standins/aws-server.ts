import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callContext } from './call-context';
import { callResources } from './call-resources';
import { ApiFault, type Handlers, type Input, schemaFaults, SERVICES } from './protocol';

/** A call that reached the stand-in, as IAM would see it. */
export interface SeenCall {
  /** Label that the test had set when the call came, such as the verb. */
  readonly during: string;
  readonly action: string;
  readonly resources: readonly string[];
  /** Condition keys that say which target the request is about, with their values. */
  readonly context: Readonly<Record<string, string>>;
}

/** Something that goes wrong with the next calls of an action. */
export interface Fault {
  readonly action: RegExp;
  times: number;
  readonly kind: 'throttle' | 'reset' | 'serverError' | 'denied' | 'hang' | 'expired';
}

type Answer = Readonly<Record<string, unknown>>;

/** What a test does when an action is called, besides what the model does. */
export interface Twist {
  readonly action: RegExp;
  /** Runs before the model answers. */
  readonly before?: () => void;
  /** Gives another answer than the model, such as one that is some seconds old. */
  readonly answer?: (answer: Answer) => Answer;
}

/** AWS on loopback: JSON 1.1 over HTTP, requests and answers checked against the SDK's schemas. */
export class AwsServer {
  readonly calls: SeenCall[] = [];
  readonly faults: Fault[] = [];
  readonly twists: Twist[] = [];
  during = '';
  private readonly server: Server;

  /** @param handlers by IAM prefix, then by operation */
  constructor(private readonly handlers: Readonly<Record<string, Handlers>>) {
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

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const [target = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
    const service = SERVICES[target];
    const action = `${service?.prefix ?? target}:${operation}`;
    const fault = this.faults.find((each) => each.times > 0 && each.action.test(action));
    if (fault) fault.times -= 1;
    if (fault?.kind === 'reset') request.socket.destroy();
    // Nobody answers, until the caller loses patience.
    if (fault?.kind === 'reset' || fault?.kind === 'hang') return;
    try {
      if (fault) throw faultOf(fault.kind, action);
      const input = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Input;
      const handler = this.handlers[service?.prefix ?? '']?.[operation];
      if (!service || !handler) throw new ApiFault('UnknownOperationException', action);
      const [invalid] = schemaFaults(service.schemas, operation, 'input', input);
      if (invalid !== undefined) throw new ApiFault('ValidationException', invalid);
      await this.note(action, input);
      const twists = this.twists.filter((each) => each.action.test(action));
      for (const { before } of twists) before?.();
      const modelled = JSON.parse(JSON.stringify(handler(input))) as Answer;
      const output = twists.reduce((given, { answer: change }) => change?.(given) ?? given, modelled);
      const [wrong] = schemaFaults(service.schemas, operation, 'output', output);
      if (wrong !== undefined) throw new ApiFault('StandInIsWrong', wrong, 501);
      answer(response, 200, output);
    } catch (error) {
      const { type, message, status } =
        error instanceof ApiFault ? error : new ApiFault('StandInIsWrong', String(error), 501);
      answer(response, status, { __type: type, message });
    }
  }

  private async note(action: string, input: Input): Promise<void> {
    const { during } = this;
    const see = async (seen: string, resources: readonly string[]) => {
      const context = await callContext(seen, input);
      this.calls.push({ during, action: seen, resources, context });
    };
    await see(action, callResources(action, input));
    if (action !== 'ecs:RegisterTaskDefinition') return;
    const roles = [input.taskRoleArn, input.executionRoleArn].filter((role) => typeof role === 'string');
    await see('iam:PassRole', roles);
  }
}

function faultOf(kind: Exclude<Fault['kind'], 'reset' | 'hang'>, action: string): ApiFault {
  if (kind === 'throttle') return new ApiFault('ThrottlingException', 'Rate exceeded');
  if (kind === 'serverError') return new ApiFault('ServerException', 'Service Unavailable', 503);
  if (kind === 'expired') {
    return new ApiFault('ExpiredTokenException', 'The security token included in the request is expired');
  }
  return new ApiFault('AccessDeniedException', `User is not authorized to perform: ${action}`);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': 'request-1',
  });
  response.end(JSON.stringify(body));
}
