import { type ActionName, pin } from '../../workflows/pins/pins';
import { ActionFailure } from '../github/action-stand-in';

const TRUE: readonly string[] = ['true', 'True', 'TRUE'];
const FALSE: readonly string[] = ['false', 'False', 'FALSE'];

/** Inputs of one step, read as `@actions/core` reads them. */
export class Inputs {
  constructor(
    private readonly action: ActionName,
    private readonly values: Readonly<Record<string, string>>,
  ) {}

  /** Without white space at its ends; empty when it is not given. */
  text(name: string): string {
    if (!pin(this.action).inputs.includes(name)) throw new Error(`${this.action} has no input ${name}`);
    return (this.values[name] ?? '').trim();
  }

  /** @throws ActionFailure when it is empty */
  required(name: string): string {
    const text = this.text(name);
    if (text === '') throw new ActionFailure(`Input required and not supplied: ${name}`);
    return text;
  }

  /**
   * A boolean of YAML 1.2.
   *
   * @param fallback when it is empty. @default - refused
   * @throws ActionFailure for any other text
   */
  flag(name: string, fallback?: boolean): boolean {
    const text = this.text(name);
    if (TRUE.includes(text)) return true;
    if (FALSE.includes(text)) return false;
    if (text === '' && fallback !== undefined) return fallback;
    throw new ActionFailure(
      `Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``,
    );
  }

  /** Non-empty lines. */
  lines(name: string): readonly string[] {
    return partsOf(this.text(name), '\n');
  }

  /** Non-empty parts between commas. */
  list(name: string): readonly string[] {
    return partsOf(this.text(name), ',');
  }
}

const partsOf = (text: string, separator: string): readonly string[] =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Inputs of a step by the names of the pin: GitHub does not mind capitals. */
export function knownInputs(
  action: ActionName,
  given: Readonly<Record<string, string>>,
): { readonly known: readonly (readonly [string, string])[]; readonly unknown: readonly string[] } {
  const names = new Map(pin(action).inputs.map((name) => [name.toLowerCase(), name]));
  const known: (readonly [string, string])[] = [];
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const declared = names.get(name.toLowerCase());
    if (declared === undefined) unknown.push(name);
    else known.push([declared, value]);
  }
  return { known, unknown };
}
