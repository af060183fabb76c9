import type { Job, Workflow } from '../artefacts';
import type { Occurrence } from './occurrence';

/** What a condition comes to before the run: `undefined` where that depends on the run. */
type Known = boolean | undefined;

/**
 * Whether an occurrence may reach a job. A job counts as reached unless its condition, or that of a job
 * it needs, excludes the event or ref for certain; what is not understood excludes nothing.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
 */
export function mayReach(workflow: Workflow, job: Job, occurrence: Occurrence): boolean {
  return reaches(job, occurrence, new Map(workflow.jobs.map((item) => [item.id, item])), new Set());
}

function reaches(
  job: Job,
  occurrence: Occurrence,
  jobs: ReadonlyMap<string, Job>,
  seen: ReadonlySet<string>,
): boolean {
  const condition = job.condition?.replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, '$1') ?? '';
  if (evaluate(condition, occurrence) === false) return false;
  // With one of these the job runs although a needed one was skipped.
  if (/\b(always|cancelled)\s*\(/i.test(condition)) return true;
  return job.needs.every((id) => {
    const needed = jobs.get(id);
    return !needed || seen.has(id) || reaches(needed, occurrence, jobs, new Set([...seen, job.id]));
  });
}

function evaluate(text: string, occurrence: Occurrence): Known {
  const expression = unwrapped(text.trim());
  const either = split(expression, '||');
  if (either.length > 1) {
    const results = either.map((part) => evaluate(part, occurrence));
    return results.includes(true) ? true : results.every((result) => result === false) ? false : undefined;
  }
  const both = split(expression, '&&');
  if (both.length > 1) {
    const results = both.map((part) => evaluate(part, occurrence));
    return results.includes(false) ? false : results.every((result) => result === true) ? true : undefined;
  }
  return compare(expression, occurrence);
}

/** One comparison of the event or ref with a text; everything else is unknown. */
function compare(expression: string, { event, ref }: Occurrence): Known {
  const [, kind = '', name = ''] = /^refs\/(heads|tags|pull)\/(.*)$/.exec(ref) ?? [];
  const values: Readonly<Record<string, string>> = {
    'github.event_name': event,
    'github.ref': ref,
    'github.ref_name': name,
    'github.ref_type': kind === 'tags' ? 'tag' : 'branch',
  };
  const [, left = '', operator, right = ''] = /^([\w.]+)\s*(==|!=)\s*'([^']*)'$/.exec(expression) ?? [];
  const value = values[left.toLowerCase()];
  // GitHub compares texts without regard to case.
  if (value !== undefined) return (value.toLowerCase() === right.toLowerCase()) === (operator === '==');
  const [, prefixed = '', prefix = ''] =
    /^startsWith\(\s*([\w.]+)\s*,\s*'([^']*)'\s*\)$/i.exec(expression) ?? [];
  return values[prefixed.toLowerCase()]?.toLowerCase().startsWith(prefix.toLowerCase());
}

/** Takes away parentheses that enclose the whole. */
function unwrapped(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  const depths = depthsOf(text);
  return depths.slice(0, -1).every((depth) => depth > 0) ? unwrapped(text.slice(1, -1).trim()) : text;
}

/** Splits at an operator that stands outside of parentheses and quotes. */
function split(text: string, operator: '&&' | '||'): string[] {
  const depths = depthsOf(text);
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (depths[at] !== 0 || !text.startsWith(operator, at)) continue;
    parts.push(text.slice(start, at));
    start = at + operator.length;
    at = start - 1;
  }
  return [...parts, text.slice(start)];
}

/** Depth of parentheses after each character; a character inside quotes counts as one level more. */
function depthsOf(text: string): number[] {
  let depth = 0;
  let quoted = false;
  return [...text].map((character) => {
    if (character === "'") quoted = !quoted;
    else if (!quoted && character === '(') depth += 1;
    else if (!quoted && character === ')') depth -= 1;
    return depth + (quoted ? 1 : 0);
  });
}
