import { answerSchema } from '../../../constructs/answer-schema';
import { type Fault, LockstepError } from '../../../contract';
import type { NamedFile } from '../kind';
import type { SagemakerEndpointWorkload } from './sagemaker-endpoint';

/** The payload and the schema that the answer to it must fit: what the deployer could not use is told at once. */
export const verificationFiles = ({
  verification: { payload, schema, contentType },
}: SagemakerEndpointWorkload): readonly NamedFile[] => [
  {
    path: payload,
    field: 'verification.payload',
    ...(isJson(contentType) && { judge: (text: string) => jsonFaults(text, `JSON, as ${contentType} is`) }),
  },
  { path: schema, field: 'verification.schema', judge: schemaFaults },
];

const isJson = (contentType: string): boolean => /^application\/json(;|$)/.test(contentType);

type TextFault = Omit<Fault, 'place'>;

function jsonFaults(text: string, allowed: string): readonly TextFault[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [{ value: error.message, allowed, change: 'correct the file, or name another one' }];
  }
}

function schemaFaults(text: string): readonly TextFault[] {
  const noJson = jsonFaults(text, 'a JSON schema');
  if (noJson.length > 0) return noJson;
  try {
    answerSchema(JSON.parse(text), '');
    return [];
  } catch (error) {
    if (LockstepError.is(error)) return error.faults;
    throw error;
  }
}
