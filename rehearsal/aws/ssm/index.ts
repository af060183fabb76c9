import * as schemas from '@aws-sdk/client-ssm';
import { z } from 'zod';
import type { VirtualClock } from '../../clock/virtual-clock';
import type { Place } from '../place';
import { readProperties } from '../resource-properties';
import { ApiFault, type AwsService, type Made, type Operation, type TemplateResource } from '../service';
import { commandOperations } from './commands';
import { documentArn, makeDocument } from './documents';
import { Errand } from './errand';
import { arnOf } from './names';
import { parameterOperations } from './parameters';
import type { SsmPorts } from './ports';
import { publicParameter } from './public-parameters';
import { withValue } from './put-parameter';
import type { Agent, ParameterVersion, SsmState } from './state';

export type { InstancesAt, ManagedInstance } from './instances';
export type { Agent, ParameterVersion } from './state';

const Properties = z.strictObject({
  Name: z.string().optional(),
  Type: z.enum(['String', 'StringList']),
  Value: z.string(),
  Description: z.string().optional(),
  AllowedPattern: z.string().optional(),
  Tier: z.literal('Standard').optional(),
  DataType: z.literal('text').optional(),
  Tags: z.unknown().optional(),
});

/**
 * Parameter Store and Run Command.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html
 */
export class SsmService implements AwsService {
  readonly signingName = 'ssm';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly makes = {
    'AWS::SSM::Parameter': (resource: TemplateResource) => this.make(resource),
    'AWS::SSM::Document': (resource: TemplateResource) => makeDocument(this.state, resource),
  };
  state: SsmState = {
    lastId: 0,
    parameters: new Map(),
    documents: new Map(),
    commands: [],
    agents: new Map(),
  };
  private readonly clock: VirtualClock;

  constructor({ clock, nodes }: SsmPorts) {
    this.clock = clock;
    const errand = new Errand({ clock, state: () => this.state, ...(nodes && { nodes }) });
    this.operations = {
      ...parameterOperations(this),
      ...commandOperations({
        state: () => this.state,
        instances: (place) => nodes?.at(place) ?? [],
        send: (...given) => errand.send(...given),
        cancel: (command) => errand.cancel(command),
      }),
    };
  }

  /** Commands that have not ended. */
  leftovers(): readonly string[] {
    return this.state.commands
      .filter(({ endedAt }) => endedAt === undefined)
      .map(({ id, instance, status }) => `ssm: the command ${id} to ${instance} is ${status}`);
  }

  /**
   * Somebody changes how long a document lets its script run.
   *
   * @throws Error for a document that there is not
   */
  limitDocument({ account, region }: Place, name: string, seconds: number): void {
    const arn = documentArn(account, region, name);
    const found = this.state.documents.get(arn);
    if (!found) throw new Error(`there is no document ${name}`);
    const step = { ...found.step, timeoutSeconds: String(seconds) };
    this.state.documents.set(arn, { ...found, step });
  }

  /** The agent of an instance is so from now on. */
  setAgent(instance: string, agent: Agent): void {
    this.state.agents.set(instance, agent);
  }

  /** Value of a parameter, one of AWS's own among them; undefined when there is none. */
  get(account: string, region: string, name: string): string | undefined {
    return this.history(account, region, name).at(-1)?.value ?? publicParameter(name);
  }

  /** Every value that a parameter had, oldest first. */
  history(account: string, region: string, name: string): readonly ParameterVersion[] {
    return this.state.parameters.get(arnOf(account, region, name))?.versions ?? [];
  }

  /** A value put by somebody else, whom nobody asks for permission. */
  set(account: string, region: string, name: string, value: string): void {
    const arn = arnOf(account, region, name);
    const before = this.state.parameters.get(arn);
    const type = before?.type ?? 'String';
    const put = { account, region, name, value, type, overwrite: true, at: this.clock.now() };
    this.state.parameters.set(arn, withValue(before, put));
  }

  /**
   * Takes a parameter away.
   *
   * @throws ApiFault `ParameterNotFound`
   */
  remove(account: string, region: string, name: string): void {
    if (this.state.parameters.delete(arnOf(account, region, name))) return;
    throw new ApiFault('ParameterNotFound', `Parameter ${name} not found.`);
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html */
  private make(resource: TemplateResource): Made {
    const read = readProperties(resource, Properties);
    const { account, region, stack, logicalId } = resource;
    const { Name: name = `CFN-${stack}-${logicalId}`, Type: type, Value: value } = read;
    const { Description: description, AllowedPattern: allowedPattern } = read;
    const put = { account, region, name, type, value, description, allowedPattern };
    const arn = arnOf(account, region, name);
    const before = this.state.parameters.get(arn);
    this.state.parameters.set(arn, withValue(before, { ...put, overwrite: false, at: this.clock.now() }));
    return { ref: name, attributes: { Type: type, Value: value } };
  }
}
