import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { ContractRow } from '../row';

export const LAMBDA: readonly ContractRow[] = [
  {
    operation: 'Invoke',
    call: async ({ lambda }) => {
      const Payload = Buffer.from(JSON.stringify({ word: 'hello' }));
      const { Payload: answer, ...rest } = await lambda.send(
        new InvokeCommand({ FunctionName: 'tested', Payload }),
      );
      return { ...rest, answer: JSON.parse(Buffer.from(answer ?? []).toString()) as unknown };
    },
    answer: { StatusCode: 200, answer: { said: 'hello', to: 'tester' } },
    asks: ['lambda:InvokeFunction'],
  },
];
