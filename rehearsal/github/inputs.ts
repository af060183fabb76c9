import type { Fault } from '../../contract';
import type { Trigger } from '../../proofs/artefacts/workflow';

/** Inputs of a run, as `inputs` holds them: truth values and numbers are no texts there. */
export type DispatchInputs = Readonly<Record<string, string | boolean | number>>;

interface Declared {
  readonly type?: string;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly options?: readonly string[];
}

/**
 * What is given for the inputs of a `workflow_dispatch`, as GitHub takes it.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs
 */
export function dispatchInputs(
  file: string,
  { filters, line }: Trigger,
  given: Readonly<Record<string, string>>,
): { readonly inputs: DispatchInputs; readonly faults: readonly Fault[] } {
  const declared = (filters.inputs ?? {}) as Readonly<Record<string, Declared | null>>;
  const names = Object.keys(declared);
  const fault = (name: string, value: string, allowed: string): Fault => ({
    place: `${file}:${line} inputs.${name}`,
    value,
    allowed,
    change: 'give what the workflow declares, as GitHub asks for it',
  });
  const faults = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) =>
      fault(name, JSON.stringify(given[name]), `inputs that are declared: ${names.join(', ') || 'none'}`),
    );
  const inputs: Record<string, string | boolean | number> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    const { type = 'string', required = false, default: usual, options = [] } = declaration ?? {};
    const value = given[name] ?? (usual === undefined || usual === null ? undefined : String(usual));
    const allowed = allowedFor(type, options);
    if (required && (value === undefined || value === ''))
      faults.push(fault(name, 'nothing', `a value: ${allowed}`));
    else if (!isAllowed(type, options, value, required))
      faults.push(fault(name, JSON.stringify(value), allowed));
    else inputs[name] = typed(type, value);
  }
  return { inputs, faults };
}

function allowedFor(type: string, options: readonly string[]): string {
  if (type === 'choice') return options.join(', ');
  return type === 'boolean' ? 'true, false' : `a ${type}`;
}

function isAllowed(
  type: string,
  options: readonly string[],
  value: string | undefined,
  required: boolean,
): boolean {
  if (value === undefined || (value === '' && !required)) return true;
  if (type === 'choice') return options.map(String).includes(value);
  if (type === 'boolean') return value === 'true' || value === 'false';
  return type !== 'number' || !Number.isNaN(Number(value));
}

function typed(type: string, value: string | undefined): string | boolean | number {
  if (type === 'boolean') return value === 'true';
  return type === 'number' ? Number(value ?? 0) : (value ?? '');
}
