import * as schemas from '@aws-sdk/client-ec2';
import { isAt, type Place } from '../place';
import type { AwsService, Operation } from '../service';
import { describeOperations } from './describe';
import { type InstanceStatus, type InstanceView, instanceView, STATUS_CODES } from './instances';
import { ec2Resources } from './resources';
import { type Ec2State, emptyState } from './state';

export type { InstanceStatus, InstanceView } from './instances';

/**
 * Networks and instances of the templates, to refer to and to look at. Nothing in them moves by itself.
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

  /** Instances of an account and region that have not ended. */
  instances(place: Place): readonly InstanceView[] {
    return [...this.state.resources.values()]
      .filter((each) => each.kind === 'Instances' && isAt(each, place))
      .map(instanceView)
      .filter(({ status }) => status !== 'terminated');
  }

  /** Undefined where there is no such instance any more. */
  instance(id: string): InstanceView | undefined {
    const found = this.state.resources.get(id);
    const view = found?.kind === 'Instances' ? instanceView(found) : undefined;
    return view?.status === 'terminated' ? undefined : view;
  }

  /**
   * Somebody starts, stops or ends an instance.
   *
   * @throws Error for an instance that there is not: a rehearsal that names it is wrong
   */
  setStatus(id: string, status: InstanceStatus): void {
    const found = this.state.resources.get(id);
    if (!found) throw new Error(`there is no instance ${id}`);
    const State = { Code: STATUS_CODES[status], Name: status };
    this.state.resources.set(id, { ...found, description: { ...found.description, State } });
  }

  /**
   * Somebody launches one more like another, with its tags.
   *
   * @returns its id
   * @throws Error for an instance that there is not
   */
  launchLike(id: string): string {
    const found = this.state.resources.get(id);
    if (!found) throw new Error(`there is no instance ${id}`);
    this.state.lastId += 1;
    const InstanceId = `i-${String(this.state.lastId).padStart(17, '0')}`;
    this.state.resources.set(InstanceId, {
      ...found,
      id: InstanceId,
      description: { ...found.description, InstanceId },
    });
    return InstanceId;
  }
}
