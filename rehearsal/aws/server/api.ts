import { LockstepError } from '../../../contract';
import type { VirtualClock } from '../../clock/virtual-clock';
import { messageOf } from '../../message-of';
import type { Inside } from '../inside-call';
import { type Codec, codecFor, type Incoming, type Outgoing } from '../protocol';
import { errorSchema, operationSchema, type OperationSchema } from '../schema';
import { schemaFaults } from '../schema-faults';
import { ApiFault, type AwsService, type Call, type Input, type Operation, type Question } from '../service';
import type { Session, StsService } from '../sts';
import { commonFault } from './common-faults';
import { type Credential, credentialOf } from './credential';
import { type Gate, HangUp } from './gate';
import type { CallRecord } from './record';
import { forward, type Upstreams } from './upstreams';

/** What the API consists of. */
export interface ApiPorts {
  readonly clock: VirtualClock;
  /** By signing name. */
  readonly services: ReadonlyMap<string, AwsService>;
  readonly sts: StsService;
  readonly gate: Gate;
  readonly record: CallRecord;
  readonly against: Upstreams;
}

/** Where the names of IAM's actions differ from the name in the signature. */
const IAM_PREFIX: Readonly<Record<string, string>> = {
  monitoring: 'cloudwatch',
};

/** A call that was understood: who wants what of which service. */
interface Understood {
  readonly service: AwsService;
  readonly operation: Operation;
  readonly schema: OperationSchema;
  readonly input: Input;
  readonly call: Call;
  readonly session?: Session;
}

/** Answers calls of AWS's API: it finds the service, checks request and answer, and lets IAM decide. */
export class Api {
  private requests = 0;

  constructor(private readonly ports: ApiPorts) {}

  /** @throws HangUp where the connection is to be closed without an answer */
  async answer(request: Incoming): Promise<Outgoing> {
    const requestId = `request-${String(++this.requests).padStart(8, '0')}`;
    const credential = credentialOf(request);
    const name = credential?.service ?? (isWebIdentity(request) ? 'sts' : undefined);
    const service = this.ports.services.get(name ?? '');
    if (!service) return this.unknownService(name);
    const codec = codecFor(service, request);
    try {
      const answer = await this.attempt(request, service, codec, credential, requestId);
      return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': requestId } };
    } catch (error) {
      if (error instanceof HangUp) throw error;
      return codec.fail(this.failureOf(error, service), request, requestId);
    }
  }

  /** A call of something inside AWS. IAM decides about it as about any other, and it is seen. */
  inside({ caller, region, service: name, operation: wanted, input }: Inside): object {
    const service = this.ports.services.get(name);
    const operation = service?.operations[wanted];
    const schema = service && operationSchema(service.schemas, wanted);
    if (!service || !operation || !schema) throw notEmulated(`${name}: ${wanted}`);
    if (!caller) throw commonFault(service.protocol, 'unsigned');
    const call: Call = { caller, account: caller.account, region, now: this.ports.clock.now() };
    const { protocol } = service;
    const questions = operation.questions(input, call);
    this.ports.gate.pass({ caller, questions, protocol, region, isInside: true });
    return operation.handle(input, call);
  }

  private async attempt(
    request: Incoming,
    service: AwsService,
    codec: Codec,
    credential: Credential | undefined,
    requestId: string,
  ): Promise<Outgoing> {
    const understood = this.understand(request, service, codec, credential);
    const after = this.authorise(understood);
    const upstream = this.ports.against[service.signingName];
    const answer =
      upstream === undefined
        ? codec.write(this.perform(understood), understood.schema, requestId)
        : await forward(upstream, request);
    if (after === 'reset') throw new HangUp();
    return answer;
  }

  private understand(
    request: Incoming,
    service: AwsService,
    codec: Codec,
    credential: Credential | undefined,
  ): Understood {
    const session = credential && this.sessionOf(credential, service);
    const name = codec.operation(request, service);
    const operation = Object.hasOwn(service.operations, name ?? '') && service.operations[name ?? ''];
    const schema = operationSchema(service.schemas, name ?? '');
    if (!operation || !schema) throw notEmulated(`${service.signingName}: ${name ?? request.path}`);
    const input = codec.read(request, schema);
    const [invalid] = schemaFaults(schema.input, input, schema.name, 'input');
    if (invalid !== undefined) throw commonFault(service.protocol, 'invalid', invalid);
    if (!session && operation.questions(input, unsigned(this.ports.clock)).length > 0)
      throw commonFault(service.protocol, 'unsigned');
    return {
      service,
      operation,
      schema,
      input,
      ...(session && { session }),
      call: {
        ...(session && { caller: session.caller }),
        account: session?.caller.account ?? '',
        region: credential?.region ?? 'us-east-1',
        now: this.ports.clock.now(),
      },
    };
  }

  private sessionOf({ accessKeyId, sessionToken }: Credential, { protocol }: AwsService): Session {
    const session = this.ports.sts.session(accessKeyId);
    if (session?.sessionToken !== sessionToken || !session) throw commonFault(protocol, 'unknownKey');
    if (session.expiresAt <= this.ports.clock.now()) throw commonFault(protocol, 'expired');
    return session;
  }

  private authorise({ service, operation, schema, input, call, session }: Understood): 'reset' | undefined {
    const questions = operation.questions(input, call);
    const { protocol } = service;
    if (questions.length === 0 || !session) {
      const role = session?.caller.role ?? operation.about?.(input);
      return this.ports.gate.passUnasked(protocol, subjectOf(service, operation, schema, input), role);
    }
    const { caller, provider } = session;
    const { region } = call;
    return this.ports.gate.pass({
      caller,
      questions,
      protocol,
      region,
      ...(provider !== undefined && { provider }),
    });
  }

  /** Does it. What the answer has too much or of another type is a fault of the emulator. */
  private perform({ service, operation, schema, input, call }: Understood): object {
    const unasked = operation.questions(input, call).length === 0;
    const note = (allowed: boolean, because: readonly string[]): void => {
      if (!unasked) return;
      const question = subjectOf(service, operation, schema, input);
      this.ports.record.note({
        at: call.now,
        ...(call.caller && { caller: call.caller }),
        question,
        allowed,
        because,
        unasked: true,
      });
    };
    try {
      const output = operation.handle(input, call);
      const [wrong] = schemaFaults(schema.output, output, schema.name, 'output');
      if (wrong !== undefined) throw new Error(`the answer does not follow the schema: ${wrong}`);
      note(true, []);
      return output;
    } catch (error) {
      if (error instanceof ApiFault) note(!REFUSAL.test(error.type), [error.message, ...error.because]);
      throw error;
    }
  }

  private failureOf(error: unknown, { schemas, protocol, signingName }: AwsService) {
    const fault = this.faultOf(error, protocol, signingName);
    const { type, message, members } = fault;
    const { queryCode = type, status } = errorSchema(schemas, type);
    const known = fault.status === 400 ? (status ?? 400) : fault.status;
    return { type, code: queryCode, message, status: known, members };
  }

  private faultOf(error: unknown, protocol: AwsService['protocol'], service: string): ApiFault {
    if (error instanceof SyntaxError) return commonFault(protocol, 'invalid', error.message);
    const known = error instanceof ApiFault && error.status !== EMULATOR_STATUS;
    if (known) return error;
    const message = messageOf(error);
    this.ports.record.fail(`${service}: ${message}`);
    if (error instanceof ApiFault) return error;
    const type = LockstepError.is(error) ? error.code : 'EmulatorIsWrong';
    return new ApiFault(type, message, EMULATOR_STATUS);
  }

  private unknownService(name: string | undefined): Outgoing {
    const called = [...this.ports.services].filter(
      ([, { operations }]) => Object.keys(operations).length > 0,
    );
    const known = called.map(([service]) => service).join(', ');
    const message = `the rehearsal does not emulate ${name ?? 'requests that nobody signed'}; it emulates ${known}`;
    this.ports.record.fail(message);
    return { status: EMULATOR_STATUS, headers: { 'content-type': 'text/plain' }, body: message };
  }
}

/** The status of everything that is the emulator's fault and not AWS's answer. */
const EMULATOR_STATUS = 501;

const notEmulated = (what: string): ApiFault =>
  new ApiFault('NotImplemented', `the rehearsal does not emulate ${what}`, EMULATOR_STATUS);

/** Errors with which STS turns somebody away by its own rules. */
const REFUSAL = /^(AccessDenied|InvalidIdentityToken|ExpiredToken)/;

/** What a call that IAM is not asked about is about. */
const subjectOf = (
  { signingName }: AwsService,
  operation: Operation,
  { name }: OperationSchema,
  input: Input,
): Question => ({
  action: `${IAM_PREFIX[signingName] ?? signingName}:${name}`,
  resource: operation.about?.(input) ?? '*',
});

const isWebIdentity = ({ body }: Incoming): boolean =>
  new URLSearchParams(body.toString()).get('Action') === 'AssumeRoleWithWebIdentity';

const unsigned = (clock: VirtualClock): Call => ({ account: '', region: '', now: clock.now() });
