import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { Check } from '../../../contract';
import { awsErrorName, callAws } from '../../aws-client';

/** What of the verification function's answer a check is made of. */
const answerSchema = z.object({ passed: z.boolean(), detail: z.string() });

/** Asks the service as its clients do: through the load balancer, from within the VPC. */
export interface ServiceQuestion {
  ask(): Promise<Check>;
}

/** The question as the verification function of the stack puts it. */
export function questionBy(lambda: LambdaClient, functionName: string): ServiceQuestion {
  return {
    ask: async () => ({
      name: 'answer through the load balancer',
      ...(await judged(() => invoke(lambda, functionName), functionName)),
    }),
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const invoke = (lambda: LambdaClient, functionName: string): Promise<InvokeCommandOutput> =>
  callAws('lambda:InvokeFunction', () =>
    lambda.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(JSON.stringify({ listener: 'production' })),
      }),
    ),
  );

async function judged(
  ask: () => Promise<InvokeCommandOutput>,
  functionName: string,
): Promise<Omit<Check, 'name'>> {
  try {
    return judge(await ask(), functionName);
  } catch (error) {
    if (awsErrorName(error) !== 'ResourceNotFoundException') throw error;
    return {
      passed: false,
      detail: `there is no function ${functionName}`,
      change: 'deploy the stack of this environment, then verify again',
    };
  }
}

function judge(output: InvokeCommandOutput, functionName: string): Omit<Check, 'name'> {
  const text = Buffer.from(output.Payload ?? []).toString();
  // A function that fails is a bad answer: nobody has seen a good one.
  if (output.FunctionError !== undefined) {
    return {
      passed: false,
      detail: `the function ${functionName} failed: ${text}`,
      change: `read the log of the function ${functionName}, then verify again`,
    };
  }
  const answer = parseAnswer(text);
  if (answer === undefined) {
    return {
      passed: false,
      detail: `the function ${functionName} answered in another form: ${text}`,
      change: 'deploy the stack, so that function and command come from the same version',
    };
  }
  const change = `make the service answer as its verification wants; the log of ${functionName} tells of each try`;
  return { ...answer, ...(answer.passed ? {} : { change }) };
}

function parseAnswer(text: string): z.infer<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
