/** A workflow command: a line with which a step talks to the runner. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const DATA = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
] as const;
const PROPERTY = [['%3A', ':'], ['%2C', ','], ...DATA] as const;

/**
 * Reads `::name key=value,key=value::data`; blanks may stand before it.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function parseCommand(line: string): WorkflowCommand | undefined {
  const [, name, properties = '', data = ''] = /^\s*::([^\s:]+)(?: (.*?))?::([\s\S]*)$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = properties.split(',').flatMap((pair) => {
    const [, key, value] = /^\s*([^=]+)=([\s\S]+)$/.exec(pair) ?? [];
    return key === undefined || value === undefined
      ? []
      : [[key.toLowerCase(), unescaped(value, PROPERTY)] as const];
  });
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs), data: unescaped(data, DATA) };
}

const unescaped = (text: string, mappings: readonly (readonly [string, string])[]): string =>
  mappings.reduce((result, [code, character]) => result.replaceAll(code, character), text);
