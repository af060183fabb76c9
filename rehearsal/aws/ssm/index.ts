import * as schemas from '@aws-sdk/client-ssm';
import { z } from 'zod';
import type { VirtualClock } from '../../clock/virtual-clock';
import { readProperties } from '../resource-properties';
import { ApiFault, type AwsService, type Made, type TemplateResource } from '../service';
import { arnOf } from './names';
import { parameterOperations } from './parameters';
import { publicParameter } from './public-parameters';
import { withValue } from './put-parameter';
import type { ParameterVersion, SsmState } from './state';

export type { ParameterVersion } from './state';

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

/** Parameter Store. @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html */
export class SsmService implements AwsService {
  readonly signingName = 'ssm';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations = parameterOperations(this);
  readonly makes = { 'AWS::SSM::Parameter': (resource: TemplateResource) => this.make(resource) };
  state: SsmState = { parameters: new Map() };
  private readonly clock: VirtualClock;

  constructor({ clock }: { readonly clock: VirtualClock }) {
    this.clock = clock;
  }

  leftovers(): readonly string[] {
    return [];
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
