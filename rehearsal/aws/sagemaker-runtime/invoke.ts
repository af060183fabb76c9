import type { VirtualClock } from '../../clock/virtual-clock';
import { bytesOf, optionalString, refuseOthers } from '../modelled-members';
import { endpointAt } from '../sagemaker/endpoint';
import type { Moment } from '../sagemaker/moment';
import { logGroup } from '../sagemaker/names';
import { on } from '../sagemaker/questions';
import type { EndpointState, FleetState, VariantState } from '../sagemaker/state';
import { ApiFault, type Call, type Input, type Operation, stringOf } from '../service';
import { answerOf, type ModelAnswer, predictions } from './answers';

/** Seconds that a container has for its answer. */
const LONGEST_ANSWER = 60;

const MEMBERS = [
  'EndpointName',
  'Body',
  'ContentType',
  'Accept',
  'TargetVariant',
  'CustomAttributes',
  'InferenceId',
];

/**
 * One inference. While a model thinks, virtual time goes on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const invokeEndpoint = (moment: () => Moment, clock: VirtualClock): Operation => ({
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html',
  questions: on('InvokeEndpoint', 'endpoint'),
  handle: (input, call) => {
    refuseOthers('sagemaker:InvokeEndpoint', input, MEMBERS);
    return invoke(moment(), clock, input, call);
  },
});

function invoke(moment: Moment, clock: VirtualClock, input: Input, call: Call): object {
  const { state } = moment;
  const name = stringOf(input, 'EndpointName');
  const endpoint = endpointAt(moment, call, name);
  const fleet = endpoint && servingFleet(endpoint, state.invocations);
  if (!fleet) throw new ApiFault('ValidationError', `Endpoint ${name} of account ${call.account} not found.`);
  const variant = chosenVariant(fleet, optionalString(input, 'TargetVariant'), state.invocations);
  state.invocations += 1;
  const subject = { account: call.account, endpoint: name, image: variant.image, config: fleet.config };
  const answer = answerOf(state.answers, subject);
  const takes = answer.kind === 'hangs' ? LONGEST_ANSWER : Math.min(answer.takes ?? 0, LONGEST_ANSWER);
  clock.pass(takes);
  if (takes === LONGEST_ANSWER) throw modelError(endpoint, 0, TIMED_OUT);
  return answered(endpoint, variant, answer, input);
}

const TIMED_OUT =
  'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';

function answered(endpoint: EndpointState, variant: VariantState, answer: ModelAnswer, input: Input): object {
  if (answer.kind === 'refuses') throw modelError(endpoint, answer.status, answer.message);
  if (answer.kind === 'hangs') throw modelError(endpoint, 0, TIMED_OUT);
  const body = answer.body ?? predictions(bytesOf(input, 'Body'));
  const custom = optionalString(input, 'CustomAttributes');
  return {
    Body: Buffer.from(body),
    ContentType: answer.contentType ?? 'application/json',
    InvokedProductionVariant: variant.name,
    ...(custom !== undefined && { CustomAttributes: custom }),
  };
}

/** 0 to 99, each once in a hundred invocations, and neighbours far apart. */
const turnOf = (invocations: number): number => (invocations * 37) % 100;

/** Of a hundred invocations, as many go to the new fleet as it has percent of the traffic. */
function servingFleet(endpoint: EndpointState, invocations: number): FleetState | undefined {
  const { fleet, deployment, stranded } = endpoint;
  if (endpoint.status === 'Deleting') return undefined;
  const other = stranded ?? deployment;
  return fleet && other && turnOf(invocations) < other.traffic ? other.fleet : fleet;
}

/** @throws ApiFault `ValidationError` for a variant that the fleet does not have */
function chosenVariant(
  { variants }: FleetState,
  target: string | undefined,
  invocations: number,
): VariantState {
  const candidates = target === undefined ? variants : variants.filter(({ name }) => name === target);
  const whole = candidates.reduce((sum, { weight }) => sum + weight, 0);
  let left = (turnOf(invocations) / 100) * whole;
  const chosen = candidates.find(({ weight }) => (left -= weight) < 0) ?? candidates[0];
  if (chosen) return chosen;
  throw new ApiFault('ValidationError', `Variant ${target ?? ''} not found for the endpoint.`);
}

/** An error of the container, or its silence. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html */
function modelError({ region, account, name }: EndpointState, status: number, message: string): ApiFault {
  const group = logGroup(name);
  const side = status >= 400 && status < 500 ? 'client' : 'server';
  const url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group}`;
  const text = `Received ${side} error (${status}) from primary with message "${message}". See ${url} in account ${account} for more information.`;
  const LogStreamArn = `arn:aws:logs:${region}:${account}:log-group:${group}`;
  return new ApiFault('ModelError', text, 424, [], {
    OriginalStatusCode: status,
    OriginalMessage: message,
    LogStreamArn,
  });
}
