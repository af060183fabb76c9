/** Everything that the model of CloudFormation's API remembers. */
export interface CloudFormationState {
  readonly stacks: DeployedStack[];
}

export interface DeployedStack {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  /** The template as it was handed in: JSON. */
  template: string;
}
