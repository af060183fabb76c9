import { refuseOthers } from '../modelled-members';
import { isAt } from '../place';
import {
  ApiFault,
  type Call,
  type Input,
  type Operation,
  type Question,
  stringOf,
  stringsOf,
} from '../service';
import { commandParameters } from './document-parameters';
import { documentArn } from './documents';
import { describeInstances, type InstancesAt } from './instances';
import type { SsmState, StoredCommand, StoredDocument } from './state';

const API = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_';

/** A new command is not found at once. */
const LISTED_AFTER_MS = 1_000;

/** Seconds in which a command has to reach the agent. */
const DELIVERY = { usual: 3_600, least: 30, most: 2_592_000 };

export interface CommandPorts {
  readonly state: () => SsmState;
  readonly instances: InstancesAt;
  /** A command sets out. */
  readonly send: (command: StoredCommand, document: StoredDocument, deliverySeconds: number) => void;
  readonly cancel: (command: StoredCommand) => void;
}

/** Run Command, for documents that run a script on instances that are named. */
export function commandOperations(ports: CommandPorts): Readonly<Record<string, Operation>> {
  return {
    SendCommand: {
      source: `${API}SendCommand.html`,
      questions: (input, call) => sendQuestions(ports, input, call),
      handle: (input, call) => send(ports, input, call),
    },
    GetCommandInvocation: {
      source: `${API}GetCommandInvocation.html`,
      questions: () => [{ action: 'ssm:GetCommandInvocation', resource: '*' }],
      handle: (input, call) => invocation(ports, input, call),
    },
    CancelCommand: {
      source: `${API}CancelCommand.html`,
      questions: () => [{ action: 'ssm:CancelCommand', resource: '*' }],
      handle: (input, call) => cancel(ports, input, call),
    },
    DescribeInstanceInformation: {
      source: `${API}DescribeInstanceInformation.html`,
      questions: () => [{ action: 'ssm:DescribeInstanceInformation', resource: '*' }],
      handle: (input, call) => describeInstances(ports.state(), ports.instances, input, call),
    },
  };
}

/**
 * The document and each instance: both must be allowed. Tags of an instance are seen by their own condition key.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
 */
function sendQuestions({ state, instances }: CommandPorts, input: Input, call: Call): readonly Question[] {
  const { account, region } = call;
  const action = 'ssm:SendCommand';
  const name = stringOf(input, 'DocumentName');
  // Documents of AWS belong to no account.
  const owner = /^(AWS|Amazon)/i.test(name) ? '' : account;
  const arn = name.startsWith('arn:') ? name : documentArn(owner, region, name);
  const { tags = {} } = state().documents.get(arn) ?? {};
  const there = instances(call);
  return [
    { action, resource: arn, context: tagContext(tags) },
    ...idsOf(input).map((id) => ({
      action,
      resource: `arn:aws:ec2:${region}:${account}:instance/${id}`,
      context: tagContext(there.find((each) => each.id === id)?.tags ?? {}),
    })),
  ];
}

const tagContext = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`ssm:resourceTag/${key}`, value],
      [`aws:ResourceTag/${key}`, value],
    ]),
  );

function idsOf(input: Input): readonly string[] {
  refuseOthers('ssm:SendCommand', input, [
    'DocumentName',
    'InstanceIds',
    'Parameters',
    'TimeoutSeconds',
    'Comment',
  ]);
  return stringsOf(input, 'InstanceIds');
}

function send({ state, instances, send: setOut }: CommandPorts, input: Input, call: Call): object {
  const { account, region, now } = call;
  const name = stringOf(input, 'DocumentName');
  const document = state().documents.get(name.startsWith('arn:') ? name : documentArn(account, region, name));
  if (!document) throw new ApiFault('InvalidDocument', `Document with name ${name} does not exist.`);
  const [id, ...others] = idsOf(input);
  if (id === undefined || others.length > 0) {
    throw new ApiFault('NotImplemented', 'the rehearsal sends a command to one instance', 501);
  }
  const instance = instances(call).find((each) => each.id === id);
  if (instance?.isRegistered !== true || !instance.isRunning) {
    throw new ApiFault(
      'InvalidInstanceId',
      `Instances [[${id}]] not in a valid state for account ${account}`,
    );
  }
  const parameters = commandParameters(document, input);
  const command: StoredCommand = {
    id: nextId(state()),
    account,
    region,
    document: document.name,
    instance: id,
    comment: typeof input.Comment === 'string' ? input.Comment : '',
    requestedAt: now,
    parameters,
    status: 'Pending',
    details: 'Pending',
    responseCode: -1,
    out: '',
    err: '',
  };
  const delivery = deliverySeconds(input);
  state().commands.push(command);
  setOut(command, document, delivery);
  return {
    Command: {
      CommandId: command.id,
      DocumentName: document.name,
      Comment: command.comment,
      InstanceIds: [id],
      Parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, [value]])),
      RequestedDateTime: new Date(now),
      Status: 'Pending',
      StatusDetails: 'Pending',
      TargetCount: 1,
      TimeoutSeconds: delivery,
    },
  };
}

function deliverySeconds({ TimeoutSeconds }: Input): number {
  const seconds = Number(TimeoutSeconds ?? DELIVERY.usual);
  if (seconds >= DELIVERY.least && seconds <= DELIVERY.most) return seconds;
  throw new ApiFault('ValidationException', `TimeoutSeconds: ${DELIVERY.least} to ${DELIVERY.most}`);
}

function nextId(state: SsmState): string {
  state.lastId += 1;
  return `0a1b2c3d-0000-4000-8000-${String(state.lastId).padStart(12, '0')}`;
}

function commandOf({ state }: CommandPorts, input: Input, call: Call): StoredCommand | undefined {
  const id = stringOf(input, 'CommandId');
  return state().commands.find((each) => each.id === id && isAt(each, call));
}

function invocation(ports: CommandPorts, input: Input, call: Call): object {
  refuseOthers('ssm:GetCommandInvocation', input, ['CommandId', 'InstanceId', 'PluginName']);
  const command = commandOf(ports, input, call);
  const isListed = command && call.now - command.requestedAt >= LISTED_AFTER_MS;
  if (!command || !isListed || command.instance !== stringOf(input, 'InstanceId')) {
    throw new ApiFault(
      'InvocationDoesNotExist',
      'The command ID and managed node ID you specified did not match any invocations.',
    );
  }
  const { step } =
    ports.state().documents.get(documentArn(command.account, command.region, command.document)) ?? {};
  if (input.PluginName !== undefined && input.PluginName !== step?.name) {
    throw new ApiFault('InvalidPluginName', 'The plugin name is not valid.');
  }
  return {
    CommandId: command.id,
    InstanceId: command.instance,
    Comment: command.comment,
    DocumentName: command.document,
    DocumentVersion: '$DEFAULT',
    PluginName: step?.name,
    ResponseCode: command.responseCode,
    ExecutionStartDateTime: moment(command.startedAt),
    ExecutionElapsedTime: elapsed(command),
    ExecutionEndDateTime: moment(command.endedAt),
    Status: command.status,
    StatusDetails: command.details,
    StandardOutputContent: command.out,
    StandardOutputUrl: '',
    StandardErrorContent: command.err,
    StandardErrorUrl: '',
  };
}

const moment = (at: number | undefined): string => (at === undefined ? '' : new Date(at).toISOString());

const elapsed = ({ startedAt, endedAt }: StoredCommand): string =>
  startedAt === undefined || endedAt === undefined ? '' : `PT${(endedAt - startedAt) / 1_000}S`;

/** AWS tries; what has ended stays as it is. */
function cancel(ports: CommandPorts, input: Input, call: Call): object {
  refuseOthers('ssm:CancelCommand', input, ['CommandId', 'InstanceIds']);
  const command = commandOf(ports, input, call);
  if (!command) throw new ApiFault('InvalidCommandId', 'The specified command ID is not valid.');
  ports.cancel(command);
  return {};
}
