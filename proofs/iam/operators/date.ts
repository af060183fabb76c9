import { type Operator, typedOperator } from './operator';

const EPOCH = /^\d{9,11}$/;
const ISO = /^(\d{4})-(\d{2})(?:-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?)?$/;

/**
 * Milliseconds since 1970. A bare year is refused: nothing tells it from seconds since 1970.
 *
 * @see https://www.w3.org/TR/NOTE-datetime
 */
function parseDate(text: string): number | undefined {
  if (EPOCH.test(text)) return Number(text) * 1000;
  const [, year, month, day] = ISO.exec(text) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day !== undefined && Number(day) > lastDay) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

const date = (matches: (policy: number, request: number) => boolean, negated = false): Operator =>
  typedOperator({
    allowed: 'a date such as 2026-01-31T12:00:00Z, or seconds since 1970',
    parsePolicy: parseDate,
    parseRequest: parseDate,
    matches,
    negated,
  });

const same = (policy: number, request: number): boolean => policy === request;

/**
 * The date operators: the value of the request stands on the left.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export const DATE_OPERATORS = {
  DateEquals: date(same),
  DateNotEquals: date(same, true),
  DateLessThan: date((policy, request) => request < policy),
  DateLessThanEquals: date((policy, request) => request <= policy),
  DateGreaterThan: date((policy, request) => request > policy),
  DateGreaterThanEquals: date((policy, request) => request >= policy),
} as const satisfies Readonly<Record<string, Operator>>;
