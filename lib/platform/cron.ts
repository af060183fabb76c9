/** What stands at one place of a cron expression. */
interface CronField {
  readonly least: number;
  readonly most: number;
  /** Names that stand for numbers, from `least` on. */
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Minute, hour, day of the month, month, day of the week. */
const FIELDS: readonly CronField[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 6, names: DAYS },
];

/**
 * Whether GitHub takes a text as the time of a schedule: five fields with numbers, names, ranges, lists and steps.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
 */
export function isCron(text: string): boolean {
  const parts = text.split(' ');
  return (
    parts.length === FIELDS.length &&
    FIELDS.every((field, at) => (parts[at] ?? '').split(',').every((part) => isPart(part, field)))
  );
}

/** A value, a range or all values, and how many of them are stepped over. */
function isPart(part: string, field: CronField): boolean {
  const [values = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !isStep(step, field))) return false;
  if (values === '*') return true;
  const [from, to, ...others] = values.split('-').map((value) => numberOf(value, field));
  if (others.length > 0 || from === undefined) return false;
  return values.includes('-') ? to !== undefined && from <= to : true;
}

const isStep = (text: string, { most }: CronField): boolean =>
  /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= most;

function numberOf(text: string, { least, most, names = [] }: CronField): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return least + named;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}
