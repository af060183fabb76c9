import * as schemas from '@aws-sdk/client-cloudformation';
import type { TemplateSource } from '../../../proofs/artefacts';
import { refuseOthers } from '../modelled-members';
import { isAt, type Place } from '../place';
import { ApiFault, type AwsService, type Call, type Input, type Operation, stringOf } from '../service';
import { stackArn } from './stack-arn';
import type { CloudFormationState, DeployedStack } from './state';

/**
 * CloudFormation as one asks it for what it has deployed. It deploys nothing itself: `deployTemplates` does, before a
 * run.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html
 */
export class CloudFormationService implements AwsService {
  readonly signingName = 'cloudformation';
  readonly protocol = 'query';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>> = {
    GetTemplate: {
      source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html',
      questions: (input, call) => [
        { action: 'cloudformation:GetTemplate', resource: this.resourceOf(input, call) },
      ],
      handle: (input, call) => this.template(input, call),
    },
  };
  readonly makes = {};
  state: CloudFormationState = { stacks: [] };

  leftovers(): readonly string[] {
    return [];
  }

  /** A stack has this template from now on. Its resources are no matter of this service. */
  deployed({ stack, account, region, body }: TemplateSource): void {
    const template = typeof body === 'string' ? body : JSON.stringify(body);
    const before = this.find({ account, region }, stack);
    if (before) before.template = template;
    else {
      const arn = stackArn({ stack, account, region });
      this.state.stacks.push({ account, region, name: stack, arn, template });
    }
  }

  /** A stack is gone. Its resources are no matter of this service. */
  remove(place: Place, name: string): void {
    const gone = this.find(place, name);
    this.state = { stacks: this.state.stacks.filter((each) => each !== gone) };
  }

  /** Undefined where there is no such stack. */
  stack(place: Place, name: string): Readonly<DeployedStack> | undefined {
    return this.find(place, name);
  }

  private find(place: Place, nameOrArn: string): DeployedStack | undefined {
    return this.state.stacks.find(
      (each) => isAt(each, place) && (each.name === nameOrArn || each.arn === nameOrArn),
    );
  }

  /**
   * IAM sees the stack's ARN, also where the request gives its name; where there is none, any id.
   *
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
   */
  private resourceOf(input: Input, call: Call): string {
    const name = stringOf(input, 'StackName');
    if (name.startsWith('arn:')) return name;
    const { account, region } = call;
    return this.find(call, name)?.arn ?? stackArn({ stack: name, account, region }, '*');
  }

  /** Without transforms, the processed template is the original. */
  private template(input: Input, call: Call): object {
    refuseOthers('cloudformation:GetTemplate', input, ['StackName', 'TemplateStage']);
    const name = stringOf(input, 'StackName');
    const found = this.find(call, name);
    if (found) return { TemplateBody: found.template, StagesAvailable: ['Original', 'Processed'] };
    throw new ApiFault('ValidationError', `Stack with id ${name} does not exist`);
  }
}
