import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { type AwsConnection, LockstepError } from '../../../contract';
import { awsErrorName, callAws, clientOptions } from '../../aws-client';

/** The stacks of one account and region. */
export interface Stacks {
  /**
   * Text of the template as it was deployed last.
   *
   * @returns undefined for a stack that does not exist
   * @throws LockstepError `AwsCallFailed`
   */
  template(stack: string): Promise<string | undefined>;
  close(): void;
}

export function openStacks(connection: AwsConnection): Stacks {
  const cloudFormation = new CloudFormationClient(clientOptions(connection));
  return {
    template: (StackName) =>
      unlessMissing(StackName, () =>
        callAws('cloudformation:GetTemplate', async () => {
          // As it was submitted: what a macro makes of it would differ from what was synthesized.
          const command = new GetTemplateCommand({ StackName, TemplateStage: 'Original' });
          return (await cloudFormation.send(command)).TemplateBody ?? '';
        }),
      ),
    close: () => cloudFormation.destroy(),
  };
}

/**
 * CloudFormation has no exception of its own for a stack that does not exist.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html (errors)
 */
async function unlessMissing<T>(stack: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const cause = LockstepError.is(error) ? error.cause : undefined;
    const missing = `Stack with id ${stack} does not exist`;
    if (
      awsErrorName(error) === 'ValidationError' &&
      cause instanceof Error &&
      cause.message.includes(missing)
    )
      return undefined;
    throw error;
  }
}
