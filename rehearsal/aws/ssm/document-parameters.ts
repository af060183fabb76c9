import { ApiFault, type Input } from '../service';
import type { StoredDocument } from './state';

/**
 * Values of the parameters of a command, judged by the document.
 *
 * @throws ApiFault `InvalidParameters`
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
 */
export function commandParameters(
  { parameters }: StoredDocument,
  { Parameters = {} }: Input,
): Readonly<Record<string, string>> {
  const given = Parameters as Readonly<Record<string, readonly string[]>>;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parameters, name)) throw refused(`Parameter ${name} is not defined in the document.`);
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const values = given[name];
      if (values && values.length !== 1) throw refused(`Parameter ${name} takes one value.`);
      const value = values?.[0] ?? parameter.default;
      if (value === undefined) throw refused(`Parameter ${name} is required.`);
      const { allowedValues, allowedPattern, minChars = 0, maxChars = Infinity } = parameter;
      if (allowedValues && !allowedValues.includes(value)) {
        throw refused(`Parameter ${name}: ${value} is none of ${allowedValues.join(', ')}.`);
      }
      // Without anchors in the pattern a part of the value is enough.
      if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) {
        throw refused(`Parameter ${name} does not match the allowed pattern ${allowedPattern}.`);
      }
      if (value.length < minChars || value.length > maxChars) {
        throw refused(`Parameter ${name}: ${minChars} to ${maxChars} characters.`);
      }
      return [name, value];
    }),
  );
}

const refused = (message: string): ApiFault => new ApiFault('InvalidParameters', message);

/** Agents from this version on give parameters as variables. */
const WITH_VARIABLES = [3, 3, 2746, 0];

const isAtLeast = (version: string, least: readonly number[]): boolean => {
  const parts = version.split('.').map(Number);
  const differs = least.findIndex((part, index) => part !== (parts[index] ?? 0));
  return differs < 0 || (parts[differs] ?? 0) > (least[differs] ?? 0);
};

/** A script as an agent runs it. */
export interface AgentScript {
  readonly text: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Pastes parameters where the text names them. Agents of before August 2025 know no variables, and leave them out.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-troubleshooting.html
 */
export function agentScript(
  { parameters, step }: StoredDocument,
  values: Readonly<Record<string, string>>,
  agentVersion: string,
): AgentScript {
  const entries = Object.entries(values);
  const isVariable = (name: string): boolean => parameters[name]?.isVariable === true;
  const variables = isAtLeast(agentVersion, WITH_VARIABLES)
    ? entries.filter(([name]) => isVariable(name)).map(([name, value]) => [`SSM_${name}`, value] as const)
    : [];
  return { text: pasted(step.script, values), variables: Object.fromEntries(variables) };
}

/** A text with the values of parameters in it, as they are. */
export const pasted = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => values[name] ?? whole);
