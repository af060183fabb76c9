import type { TemplateSource } from '../../../proofs/artefacts';

/** Any id will do: nothing is looked up by it. */
const STACK_ID = '00000000-0000-4000-8000-000000000000';

/** ARN of a stack. CloudFormation chooses the id behind the name when the stack is made. */
export const stackArn = ({ account, region, stack }: Omit<TemplateSource, 'body'>, id = STACK_ID): string =>
  `arn:aws:cloudformation:${region}:${account}:stack/${stack}/${id}`;
