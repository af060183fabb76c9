import { readFile } from 'node:fs/promises';
import { type Check, type DeployContext, LockstepError } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { EndpointAccess } from './access';
import { answerFaults, shorten } from './answer-schema';
import type { Answer } from './invoke';

type Answered = Extract<Answer, { kind: 'answered' }>;

/** Sends the sample payload some times: does the model answer, in the form that it should, and fast enough? */
export async function smokeTest(access: EndpointAccess, context: DeployContext): Promise<readonly Check[]> {
  const { verification } = access.spec;
  const payload = await fileOf(verification.payload, 'verification.payload');
  const answers: Answered[] = [];
  let slowest = 0;
  for (let call = 0; call < verification.calls; call += 1) {
    throwIfInterrupted(context);
    const before = context.clock.now();
    const answer = await access.invoker.invoke(payload);
    slowest = Math.max(slowest, context.clock.now() - before);
    // The others would say the same, and each may take its time about it.
    if (answer.kind !== 'answered')
      return [{ name: 'answer', passed: false, detail: explain(access, answer) }];
    answers.push(answer);
  }
  return [
    {
      name: 'answer',
      passed: true,
      detail: `${answers.length} of ${verification.calls} calls were answered`,
    },
    contentTypeCheck(answers, verification.accept),
    await schemaCheck(answers, verification.schema),
    {
      name: 'latency',
      passed: slowest <= verification.latencyBudgetMs,
      detail: `the slowest of ${answers.length} calls took ${slowest} ms, ${verification.latencyBudgetMs} ms are allowed`,
    },
  ];
}

function contentTypeCheck(answers: readonly Answered[], expected: string): Check {
  const wrong = answers.find(({ contentType }) => essence(contentType) !== essence(expected));
  return {
    name: 'content type',
    passed: wrong === undefined,
    detail: wrong ? `${wrong.contentType || 'none'} came, ${expected} should` : expected,
  };
}

const essence = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

async function schemaCheck(
  answers: readonly Answered[],
  schema: string | Readonly<Record<string, unknown>>,
): Promise<Check> {
  const place = typeof schema === 'string' ? schema : 'verification.schema';
  const content: unknown =
    typeof schema === 'string' ? JSON.parse((await fileOf(schema, place)).toString('utf8')) : schema;
  const faults = answers.flatMap(({ body }) => answerFaults(content, place, body));
  return {
    name: 'answer schema',
    passed: faults.length === 0,
    detail: faults[0] ?? `every answer fits ${place}`,
  };
}

/** MLflow's words for a request that does not fit the signature that the model was logged with. */
const SIGNATURE = /signature|schema|missing inputs|extra inputs|incompatible input types|dataframe_split/i;

function explain({ spec }: EndpointAccess, answer: Exclude<Answer, Answered>): string {
  if (answer.kind === 'unreachable') return `the model could not be asked: ${shorten(answer.message)}`;
  const said = `the model answered with ${answer.status}: ${shorten(answer.message)}`;
  if (answer.status >= 500 || !SIGNATURE.test(answer.message)) return said;
  return `${said}. The payload does not fit the signature that the model was logged with: compare the columns and types of ${spec.verification.payload} with the signature in the MLmodel file`;
}

/** @throws LockstepError `InvalidSpec` where the file is missing */
async function fileOf(path: string, place: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new LockstepError(
      'InvalidSpec',
      {
        place,
        value: error instanceof Error ? error.message : String(error),
        allowed: 'a file relative to the root of the repository',
        change: 'check the file in, and check out the repository before the command runs',
      },
      { cause: error },
    );
  }
}
