import { type Matcher, matches, type Subject } from '../sagemaker/behaviour';

/**
 * What a model does with a request. Times are seconds.
 *
 * - `answers`: with a body, which without one is that of a model of MLflow: one prediction for each row
 * - `refuses`: the container answers with an error of its own
 * - `hangs`: it never answers
 */
export type ModelAnswer =
  | {
      readonly kind: 'answers';
      readonly body?: string;
      readonly contentType?: string;
      readonly takes?: number;
    }
  | {
      readonly kind: 'refuses';
      /** HTTP status, 400 to 599. */
      readonly status: number;
      readonly message: string;
      readonly takes?: number;
    }
  | { readonly kind: 'hangs' };

export interface AnswerRule extends Matcher {
  readonly answer: ModelAnswer;
}

/** The first rule that matches decides; without one the model answers. */
export const answerOf = (rules: readonly AnswerRule[], subject: Subject): ModelAnswer =>
  rules.find((rule) => matches(rule, subject))?.answer ?? { kind: 'answers' };

/**
 * What a scoring server of MLflow answers for a model that knows only the number one.
 *
 * @see https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/
 */
export function predictions(request: Uint8Array): string {
  return JSON.stringify({ predictions: rowsOf(request).map(() => 1) });
}

function rowsOf(request: Uint8Array): readonly unknown[] {
  const body = parsed(Buffer.from(request).toString());
  const split = memberOf(body, 'dataframe_split');
  const rows = split === undefined ? memberOf(body, 'dataframe_records') : memberOf(split, 'data');
  return Array.isArray(rows) ? rows : [body];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Another content type than JSON: one row.
    return undefined;
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
