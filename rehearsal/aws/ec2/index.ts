import * as schemas from '@aws-sdk/client-ec2';
import type { AwsService, Operation } from '../service';
import { describeOperations } from './describe';
import { ec2Resources } from './resources';
import { type Ec2State, emptyState } from './state';

/**
 * Networks and instances of the templates, to refer to and to look at. Nothing in them moves.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html
 */
export class Ec2Service implements AwsService {
  readonly signingName = 'ec2';
  readonly protocol = 'ec2';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>> = describeOperations(this);
  readonly makes: AwsService['makes'] = ec2Resources(this);
  state: Ec2State = emptyState();

  leftovers(): readonly string[] {
    return [];
  }
}
