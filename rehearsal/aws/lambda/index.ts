import * as schemas from '@aws-sdk/client-lambda';
import { LockstepError } from '../../../contract';
import type { VirtualClock } from '../../clock/virtual-clock';
import type { FunctionAnswer, LogSink } from '../ecs';
import { refuseOthers } from '../modelled-members';
import { type Place, isAt } from '../place';
import { ApiFault, type AwsService, type Call, type Input, type Operation, stringOf } from '../service';
import { makeFunction } from './make-function';
import { runInline, type Surroundings, timedOut } from './run-inline';
import { emptyState, type FunctionRule, type FunctionState, type LambdaState } from './state';

export type { FunctionRule } from './state';
export type { Answer, Surroundings } from './run-inline';

/** Runtimes whose code this process can run. */
const NODE = /^nodejs\d+\.x$/;

/**
 * AWS Lambda, as far as functions with inline code of Node.js are invoked. While one runs for a caller, virtual time goes
 * on.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/welcome.html
 */
export class LambdaService implements AwsService {
  readonly signingName = 'lambda';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>> = {
    Invoke: {
      source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
      questions: (input, call) => [
        { action: 'lambda:InvokeFunction', resource: functionArn(call, stringOf(input, 'FunctionName')) },
      ],
      handle: (input, call) => this.invoke(input, call),
    },
  };
  readonly makes: AwsService['makes'] = {
    'AWS::Lambda::Function': (resource) => makeFunction(this.state, resource),
    'AWS::Lambda::Permission': ({ stack, logicalId }) => ({ ref: `${stack}-${logicalId}` }),
  };
  state: LambdaState = emptyState();
  private readonly clock: VirtualClock;
  private readonly surroundings: Surroundings;

  private readonly logs: LogSink;

  constructor({
    clock,
    logs,
    ...surroundings
  }: { readonly clock: VirtualClock; readonly logs: LogSink } & Surroundings) {
    this.clock = clock;
    this.logs = logs;
    this.surroundings = surroundings;
  }

  /** Calls of some functions go wrong from now on. */
  behave(...rules: readonly FunctionRule[]): void {
    this.state.rules = [...rules, ...this.state.rules];
  }

  /** Undefined where no template makes it. */
  find(arn: string): FunctionState | undefined {
    return this.state.functions.find((each) => each.arn === arn);
  }

  /**
   * What a function answers, and how long it takes; time does not go on by it.
   *
   * @param now milliseconds since the epoch
   * @throws LockstepError `NotRehearsed` for code that cannot be run here
   */
  run(found: FunctionState, event: object, now: number): FunctionAnswer {
    this.state.invocations += 1;
    const rule = this.state.rules.find(
      (each) =>
        each.account === found.account &&
        each.function === found.name &&
        (each.ifEventHas === undefined || each.ifEventHas in event),
    );
    if (rule?.fault === 'crashes')
      return { ok: false, reason: 'RequestId: 1 Error: Runtime exited', seconds: 1 };
    if (rule) return timedOut(found.timeout);
    if (found.code === undefined || !NODE.test(found.runtime)) throw notRunnable(found);
    const { answer, lines } = runInline(found, event, this.surroundings, now);
    this.write(found, lines);
    return answer;
  }

  /** A log group that nobody made takes nothing up. */
  private write({ account, region, name, logGroup }: FunctionState, lines: readonly string[]): void {
    const stream = `[$LATEST]${String(this.state.invocations).padStart(32, '0')}`;
    try {
      this.logs.write({ account, region, group: logGroup ?? `/aws/lambda/${name}`, stream }, lines);
    } catch (error) {
      if (!(error instanceof ApiFault)) throw error;
    }
  }

  leftovers(): readonly string[] {
    return [];
  }

  private invoke(input: Input, call: Call): object {
    refuseOthers('lambda:Invoke', input, ['FunctionName', 'InvocationType', 'Payload']);
    if (input.InvocationType !== undefined && input.InvocationType !== 'RequestResponse') {
      throw new ApiFault('NotImplemented', 'the rehearsal models invocations that wait for the answer', 501);
    }
    const arn = functionArn(call, stringOf(input, 'FunctionName'));
    const found = this.find(arn);
    if (!found || !isAt(found, call)) {
      throw new ApiFault('ResourceNotFoundException', `Function not found: ${arn}`, 404);
    }
    const answer = this.run(found, eventOf(input), call.now);
    this.clock.pass(answer.seconds);
    const Payload = Buffer.from(
      JSON.stringify(answer.ok ? answer.output : { errorType: 'Error', errorMessage: answer.reason }),
    );
    const base = { StatusCode: 200, ExecutedVersion: '$LATEST', Payload };
    return answer.ok ? base : { ...base, FunctionError: 'Unhandled' };
  }
}

/** @param name name or ARN */
const functionArn = ({ account, region }: Place, name: string): string =>
  name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name}`;

/** @throws ApiFault `InvalidRequestContentException` */
function eventOf({ Payload }: Input): object {
  const text = Payload instanceof Uint8Array && Payload.length > 0 ? Buffer.from(Payload).toString() : '{}';
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === 'object' && event !== null) return event;
  } catch {
    // Told below, as for anything else that is no object.
  }
  throw new ApiFault('InvalidRequestContentException', 'Could not parse request body into json');
}

const notRunnable = ({ name, runtime, code }: FunctionState): LockstepError =>
  new LockstepError('NotRehearsed', {
    place: `function ${name}`,
    value: code === undefined ? 'code in an archive' : runtime,
    allowed: 'inline code for a runtime nodejs*.x',
    change: 'write the code into the template, or leave the call of the function out of the rehearsal',
  });
