import type { Check, DeployContext } from '../../../contract';
import { shorten } from '../../answer-schema';
import { throwIfInterrupted } from '../../aws-client';
import type { EndpointAccess } from './access';
import type { Answer, Answered } from './invoke';
import { readSample, type Sample } from './sample';

/** Sends the sample payload some times: does the model answer, in the form that it should, and fast enough? */
export async function smokeTest(access: EndpointAccess, context: DeployContext): Promise<readonly Check[]> {
  const { verification } = access.spec;
  const sample = await readSample(access.spec);
  const answers: Answered[] = [];
  let slowest = 0;
  for (let call = 0; call < verification.calls; call += 1) {
    throwIfInterrupted(context);
    const before = context.clock.now();
    const answer = await access.invoker.ask(sample.payload);
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
    schemaCheck(answers, sample),
    {
      name: 'latency',
      passed: slowest <= verification.latencyBudgetMs,
      detail: `the slowest of ${answers.length} calls took ${slowest} ms, ${verification.latencyBudgetMs} ms are allowed`,
      change: 'serve on larger instances, or raise `verification.latencyBudget` in the platform file',
    },
  ];
}

function contentTypeCheck(answers: readonly Answered[], expected: string): Check {
  const wrong = answers.find(({ contentType }) => essence(contentType) !== essence(expected));
  return {
    name: 'content type',
    passed: wrong === undefined,
    detail: wrong ? `${wrong.contentType || 'none'} came, ${expected} should` : expected,
    change: 'deploy an image that answers so, or change `verification.accept` in the platform file',
  };
}

const essence = (contentType: string): string => (contentType.split(';')[0] ?? '').trim().toLowerCase();

function schemaCheck(answers: readonly Answered[], { schema, place }: Sample): Check {
  const faults = answers.flatMap(({ body }) => schema(body));
  return {
    name: 'answer schema',
    passed: faults.length === 0,
    detail: faults[0] ?? `every answer fits ${place}`,
    change: `deploy a model that answers as its consumers expect, or change ${place} together with them`,
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
